//! What valgrind's memcheck is told about memory; nothing happens where it does not run.

/// Takes the bytes for undefined: memcheck reports whatever jump or address depends on them.
pub(crate) fn undefine(bytes: &[u8]) {
    request(0x4d43_0001, bytes);
}

/// Takes the bytes for defined again.
pub(crate) fn define(bytes: &[u8]) {
    request(0x4d43_0002, bytes);
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "valgrind is spoken to by instructions that do nothing")]
fn request(code: usize, bytes: &[u8]) {
    let arguments = [code, bytes.as_ptr().expose_provenance(), bytes.len(), 0, 0, 0];
    // SAFETY: the preamble of valgrind.h. Without valgrind rdi is turned by 128 bits and rbx exchanged with itself; with it the
    // arguments are read, and the answer comes in rdx.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            in("rax") arguments.as_ptr(), inout("rdx") 0_usize => _, options(nostack),
        );
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn request(_code: usize, _bytes: &[u8]) {}
