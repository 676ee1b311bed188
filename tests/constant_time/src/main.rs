//! Takes the time of exponentiations, or runs a proof on secrets that valgrind takes for undefined.
//!
//! `constant-time times ours|leaky` reads exponents of 32 bytes and prints the nanoseconds of each.
//! `constant-time undefined ours|leaky` is for `valgrind`, which reports each jump and each address that depends on them.

mod valgrind;

use cognito_vault::srp::formulas::{self, Hash};
use cognito_vault::srp::group;
use cognito_vault::srp::modpow::Group;
use constant_time::leaky;
use std::hint::black_box;
use std::io::{Read, Write, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["times", "ours"] => {
            let group = Group::default();
            times(|e| drop(black_box(group.power_of_g(e))))
        }
        ["times", "leaky"] => times(|e| drop(black_box(leaky::power_of_g(e)))),
        ["undefined", "ours"] => prove(),
        ["undefined", "leaky"] => {
            let a = [0x5a; 32];
            valgrind::undefine(&a);
            valgrind::define(leaky::power_of_g(&black_box(a)).expose());
        }
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

#[allow(clippy::disallowed_methods, reason = "durations are what is asked for")]
fn times(mut raise: impl FnMut(&[u8])) {
    let mut exponent = [0; 32];
    let mut lines = String::new();
    while stdin().lock().read_exact(&mut exponent).is_ok() {
        let start = std::time::Instant::now();
        raise(&exponent);
        lines += &format!("{}\n", start.elapsed().as_nanos());
    }
    drop(stdout().write_all(lines.as_bytes()));
}

/// Everything that is secret in one sign-in: a and the password; A and the signature are not, and what P(S) is long is known to be seen.
fn prove() {
    let (a, password) = (black_box([0x5a; 32]), black_box(*b"Correct-Horse-1"));
    valgrind::undefine(&a);
    valgrind::undefine(&password);

    let group = Group::default();
    valgrind::define(group.power_of_g(&a).expose());
    let u = Hash::new(vec![7; 32]);
    let x = formulas::x(&[0x9a; 16], &formulas::identity("DemoPool1", "ada", &password));
    let shared = formulas::shared(&group, &a, &group::K, &u, &x);
    let shared = shared.expose();
    valgrind::define(&shared[..1]);
    assert_ne!(shared[0], 0, "the length of P(S) is told by its first byte");
    let key = formulas::key(shared, &u);
    let signature = formulas::signature(key.expose(), "DemoPool1", "ada", &[1; 64], "Sat Nov 21 12:00:00 UTC 2026");
    valgrind::define(signature.expose());
}
