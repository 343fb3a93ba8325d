// Output of the kernel itself, to the console.
#ifndef KERNEL_LIB_PRINT_H
#define KERNEL_LIB_PRINT_H

// %d %i %u %x %p %s %c %% with l or ll, a width and a leading 0. One call is one piece: other harts do not write into
// it.
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Says why and stops every hart.
void panic(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

// Set once a hart has panicked: nobody else prints.
extern volatile int panicked;

// What a hart does that finds panicked set.
void hart_stop(void) __attribute__((noreturn));

void print_init(void);

#endif
