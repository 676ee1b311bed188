//! Keeps what is published about the error codes equal to the list in src/error.rs: the TypeScript union and the table.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

use cognito_vault::error::{Code, Fault, OF_THE_PAGE};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A code as it is published.
struct Published {
    name: &'static str,
    fault: Fault,
    retryable: bool,
    sentence: String,
}

/// Every code, Cognito's first: those of the core with their sentences, as the macro call `codes!` in src/error.rs has them, and the page's.
fn documented() -> Vec<Published> {
    let source = fs::read_to_string(Path::new(ROOT).join("src/error.rs")).unwrap();
    let list = source.split("\ncodes! {\n").nth(1).unwrap().split("\n}\n").next().unwrap();
    let mut sentence = Vec::new();
    let mut all = Vec::new();
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.strip_prefix("///") {
            Some(text) => sentence.push(text.trim().to_owned()),
            None => {
                let name = line.split(' ').next().unwrap();
                let code = Code::named(name).unwrap_or_else(|| panic!("{name} is no code"));
                let sentence = std::mem::take(&mut sentence).join(" ");
                all.push(Published { name: code.as_str(), fault: code.fault(), retryable: code.retryable(), sentence });
            }
        }
    }
    assert!(
        all.iter().map(|code| code.name).eq(Code::ALL.iter().map(|code| code.as_str())),
        "not every code was found in src/error.rs"
    );
    let of_the_page = OF_THE_PAGE.iter().map(|(name, fault, sentence)| {
        assert_eq!(Code::named(name), None, "the core knows {name}");
        Published { name, fault: *fault, retryable: false, sentence: (*sentence).to_owned() }
    });
    let mut own = all.split_off(all.iter().position(|code| code.name == "Aborted").unwrap());
    own.extend(of_the_page);
    own.sort_by_key(|code| code.name);
    all.extend(own);
    assert!(all.iter().all(|code| code.sentence.ends_with('.')), "every code has its sentence");
    all
}

fn union() -> String {
    let mut text = String::from(
        "// The codes of every error. Written by tests/codes.rs from src/error.rs.\n\n\
         /** What went wrong: one of Cognito's names without `Exception`, or one of this package's own from `Aborted` on. */\n\
         export type AuthErrorCode =\n",
    );
    for Published { name, sentence, .. } in documented() {
        write!(text, "  /** {sentence} */\n  | \"{name}\"\n").unwrap();
    }
    text.pop();
    text + ";\n"
}

fn table() -> String {
    let mut text = String::from(
        "# Errors\n\n\
         Every rejection is an `AuthError` with one of these codes. Those before `Aborted` are Cognito's names without `Exception`;\n\
         AWS's common errors are folded into them, and an unknown user into `NotAuthorized`. The others are this package's own.\n\
         An error is `retryable` where the same call may succeed later without anything changed.\n\
         `tests/codes.rs` writes this table from `src/error.rs`.\n\n\
         | code | who can act | retryable | meaning, and what to do about it |\n|---|---|---|---|\n",
    );
    for Published { name, fault, retryable, sentence } in documented() {
        let who = match fault {
            Fault::User => "user",
            Fault::Developer => "developer",
            Fault::Service => "service",
        };
        let again = if retryable { "yes" } else { "" };
        writeln!(text, "| `{name}` | {who} | {again} | {sentence} |").unwrap();
    }
    text
}

/// Compares a file with what it should be; with `UPDATE=1`, writes it.
#[track_caller]
fn keep(path: &str, expected: &str) {
    let file = Path::new(ROOT).join(path);
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, expected).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "{path} differs from src/error.rs; `UPDATE=1 cargo test --test codes` writes it");
}

#[test]
fn the_union_of_typescript_is_the_list() {
    keep("pkg-template/src/codes.ts", &union());
}

#[test]
fn the_table_of_errors_is_the_list() {
    keep("docs/errors.md", &table());
}

#[test]
fn a_name_has_one_code_and_a_code_one_name() {
    for code in Code::ALL {
        assert_eq!(Code::named(code.as_str()), Some(*code));
        assert!(code.as_str().bytes().all(|c| c.is_ascii_alphabetic()), "{code:?}");
        assert_eq!(format!("{code:?}"), code.as_str());
    }
    for name in ["", "aliasExists", "AliasExistsException", "UserNotFound", "AliasExist"] {
        assert_eq!(Code::named(name), None, "{name}");
    }
}
