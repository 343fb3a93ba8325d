// dorphan: stays in a directory that has no name any more, until the machine is stopped. After that the file system
// must free it.
#include "kernel/fcntl.h"
#include "user/report.h"
#include "user/user.h"

static const char name[] = "dorphan.dir";

int main(void)
{
    struct stat file;
    if (mkdir(name) < 0 || stat(name, &file) < 0 || chdir(name) < 0)
        fail("cannot make %s", name);
    if (unlink("../dorphan.dir") < 0)
        fail("cannot unlink %s", name);
    if (open("file", O_WRONLY | O_CREATE) >= 0)
        fail("a file can be made in %s, which is gone", name);
    printf("dorphan: inode %u has no name and is in use; stop the machine\n", file.ino);
    for (;;)
        pause(1000);
}
