# Says what gdb knows of a program's types and variables, a line each, for TypeAgreementTests.
import gdb, re
def shape(t):
    t = t.strip_typedefs().unqualified()
    c = t.code
    if c == gdb.TYPE_CODE_PTR:
        return "pointer to " + tag(t.target())
    if c == gdb.TYPE_CODE_ARRAY:
        low, high = t.range()
        # gdb takes an array without bounds for one of 1, and writes it as it is.
        count = 0 if re.search(r"^[^\[]*\[\]", str(t)) else high - low + 1
        return "%d of %s" % (count, shape(t.target()))
    return tag(t)
def tag(t):
    t = t.strip_typedefs().unqualified()
    c = t.code
    if c in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return ("struct %s" if c == gdb.TYPE_CODE_STRUCT else "union %s") % (t.tag or "")
    if c == gdb.TYPE_CODE_ENUM:
        return "enum %s" % (t.tag or "")
    if c in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR, gdb.TYPE_CODE_BOOL):
        return "integer of %d" % t.sizeof
    if c == gdb.TYPE_CODE_PTR:
        return "pointer"
    if c == gdb.TYPE_CODE_ARRAY:
        return "array"
    return "other"
names = sorted(set(re.findall(r"\b((?:struct|union) \w+);", gdb.execute("info types", to_string=True))))
for name in names:
    t = gdb.lookup_type(name)
    print("type|%s|%d" % (name, t.sizeof))
    for f in t.fields():
        print("member|%s|%s|%d|%d|%s" % (name, f.name or "", f.bitpos, f.bitsize, shape(f.type)))
for name in sorted(set(re.findall(r"(\w+)(?:\[[^;]*\]|\)\([^;]*\))*;", gdb.execute("info variables", to_string=True)))):
    s = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if s and s.is_variable and s.addr_class == gdb.SYMBOL_LOC_STATIC:
        print("variable|%s|%d|%s" % (name, int(s.value().address), shape(s.type)))
