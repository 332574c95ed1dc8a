// The walker for arm64: clone3, then a list of system calls in the child. Nothing of the parent's code or stack runs there.
//
//   x0 clone_args   x1 its size   x2 calls   x3 how many   x4 descriptor for errors      ->  x0: pid or -errno, in the parent only
//
// The contract is walker-x64.s's: a call is nine 64-bit words (number, six arguments, mode, list of addresses that receive the
// result), and the modes are the same. The kernel keeps every register but x0 across a call, also in the child.
    stp x19, x20, [sp, #-32]!
    stp x21, x22, [sp, #16]
    mov x19, x2
    mov x20, x3
    mov x21, x4
    mov x8, #435                  // clone3
    svc #0
    cbnz x0, return
    mov x9, sp                    // the new stack may be aligned to 8 bytes only; the machine wants 16
    and sp, x9, #-16
    mov x22, #0
next:
    cmp x22, x20
    b.hs exit_failed
    ldp x8, x0, [x19]
    ldp x1, x2, [x19, #16]
    ldp x3, x4, [x19, #32]
    ldr x5, [x19, #48]
    svc #0
    ldp x9, x10, [x19, #56]
    cmp x9, #3
    b.ne results
    cbz x0, advance               // the new process shares the memory: its zero must not replace its pid
results:
    cbz x10, judge
store:
    ldr x11, [x10], #8
    cbz x11, judge
    str x0, [x11]
    b store
judge:
    tbnz x0, #63, negative
    cbz x0, zero
    cmp x9, #3
    b.eq exit_quietly
advance:
    add x19, x19, #72
    add x22, x22, #1
    b next
zero:
    cmp x9, #2
    b.ne advance
    b failed
negative:
    cmp x9, #1
    b.eq advance
failed:
    stp x22, x0, [sp, #-16]!
    mov x0, x21
    mov x1, sp
    mov x2, #16
    mov x8, #64                   // write
    svc #0
exit_failed:
    mov x0, #127
    mov x8, #94                   // exit_group
    svc #0
exit_quietly:
    mov x0, #0
    mov x8, #94
    svc #0
return:
    ldp x21, x22, [sp, #16]
    ldp x19, x20, [sp], #32
    ret
