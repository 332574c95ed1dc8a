# The walker for x86-64: clone3, then a list of system calls in the child. Nothing of the parent's code or stack runs there.
#
#   rdi clone_args   rsi its size   rdx calls   rcx how many   r8 descriptor for errors      ->  rax: pid or -errno, in the parent only
#
# A call is nine 64-bit words: number, six arguments, mode, list of addresses that receive the result (0, or 0-terminated).
# Modes: 0 a negative result ends the child; 1 it does not; 2 zero ends it as well; 3 a positive result ends this process
# quietly, because its own child goes on (a second clone). A failing child writes (index, result) to r8 and exits with 127.
.intel_syntax noprefix
    push rbx
    push rbp
    push r12
    push r13
    mov rbx, rdx
    mov rbp, rcx
    mov r12, r8
    mov eax, 435                  # clone3
    syscall
    test rax, rax
    jnz return
    xor r13d, r13d
next:
    cmp r13, rbp
    jae exit_failed
    mov rax, [rbx]
    mov rdi, [rbx+8]
    mov rsi, [rbx+16]
    mov rdx, [rbx+24]
    mov r10, [rbx+32]
    mov r8, [rbx+40]
    mov r9, [rbx+48]
    syscall
    mov rdx, [rbx+56]
    cmp rdx, 3
    jne results
    test rax, rax                 # the new process shares the memory: its zero must not replace its pid
    jz advance
results:
    mov rcx, [rbx+64]
    test rcx, rcx
    jz judge
store:
    mov rsi, [rcx]
    test rsi, rsi
    jz judge
    mov [rsi], rax
    add rcx, 8
    jmp store
judge:
    test rax, rax
    js negative
    jz zero
    cmp rdx, 3
    je exit_quietly
advance:
    add rbx, 72
    inc r13
    jmp next
zero:
    cmp rdx, 2
    je failed
    jmp advance
negative:
    cmp rdx, 1
    je advance
failed:
    push rax
    push r13
    mov eax, 1                    # write
    mov edi, r12d
    mov rsi, rsp
    mov edx, 16
    syscall
exit_failed:
    mov eax, 231                  # exit_group
    mov edi, 127
    syscall
exit_quietly:
    mov eax, 231
    xor edi, edi
    syscall
return:
    pop r13
    pop r12
    pop rbp
    pop rbx
    ret
