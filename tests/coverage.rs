//! Writes docs/coverage.md, which says of each operation, flow and challenge how it is called and where it is tested.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

#[path = "coverage/calls.rs"]
mod calls;
#[path = "coverage/look.rs"]
mod look;

use calls::{CHALLENGES, FLOWS, OPERATIONS, Operation, Turn};
use cognito_vault::error::Code;
use look::{Column, Files};
use serde_json::Value;
use std::fmt::Write;
use std::fs;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/coverage.md");

/// Every operation of the model with what it is authorised by and its documented errors, in the order of the table.
fn model() -> Vec<(String, String, Vec<String>)> {
    let model: Value = serde_json::from_str(include_str!("coverage/operations.json")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |operation: &Value| {
        let errors = operation["errors"].as_array().unwrap().iter().map(text).collect();
        (text(&operation["name"]), text(&operation["by"]), errors)
    };
    ["userPool", "identityPool"].iter().flat_map(|pool| model[pool].as_array().unwrap()).map(row).collect()
}

/// Where the tables look.
struct Project {
    types: Files,
    pool: Files,
    native: Files,
    browser: Files,
    peers: Files,
}

impl Project {
    fn new() -> Self {
        let is_native = |name: &str| {
            let others = ["pool/", "constant_time/", "support/", "coverage"];
            name.ends_with(".rs") && !others.iter().any(|other| name.starts_with(other))
        };
        let is_test = |name: &str| name.ends_with(".test.mjs");
        Self {
            types: Files::under("pkg-template/src", |name| name.ends_with(".ts")),
            pool: Files::under("tests/pool/src", |name| name.ends_with(".rs") && name != "shapes.rs"),
            native: Files::under("tests", is_native),
            browser: Files::under("tests/e2e", is_test),
            peers: Files::under("tests/peers", is_test),
        }
    }

    /// One cell: what was found, else why nothing is there.
    fn cell(&self, operation: &Operation, column: Column) -> Option<String> {
        let Operation { name, calls, peers, reasons } = operation;
        let quoted = [format!("\"{name}\"")];
        let with = |more: &mut dyn Iterator<Item = String>| quoted.iter().cloned().chain(more).collect::<Vec<_>>();
        let found = match column {
            Column::Call => {
                let shown = calls.iter().map(|call| format!("`{}()`", shown(call))).collect::<Vec<_>>();
                Some(shown.join(", ")).filter(|calls| !calls.is_empty())
            }
            Column::Pool => self.pool.best(&[format!("\"{name}\" =>")]).map(code),
            Column::Native => self.native.best(&quoted).map(code),
            Column::Browser => self.browser.best(&with(&mut calls.iter().map(|call| shown(call) + "("))).map(code),
            Column::Peer => self.peers.best(&with(&mut peers.iter().map(|call| format!("{call}(")))).map(code),
        };
        found.or_else(|| reasons.iter().find(|(of, _)| *of == column).map(|(_, why)| format!("none: {why}")))
    }

    /// Whether the package's types have the call.
    fn has(&self, call: &str) -> bool {
        match call.split_once('.') {
            Some((first, member)) if first.starts_with(char::is_uppercase) => {
                self.types.member(first, member).is_some()
            }
            Some((first, member)) => {
                self.types.member("Auth", first).is_some_and(|area| self.types.member(area, member).is_some())
            }
            None => self.types.member("Auth", call).is_some(),
        }
    }
}

/// `auth.mfa.preferences`; a member of a step stays as it is.
fn shown(call: &str) -> String {
    if call.starts_with(char::is_uppercase) { call.to_owned() } else { format!("auth.{call}") }
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

/// The page, and which of its cells are empty without a reason.
fn page() -> (String, Vec<String>) {
    let project = Project::new();
    let mut missing = Vec::new();
    let mut cell = |row: &str, column: &str, found: Option<String>| {
        found.unwrap_or_else(|| {
            missing.push(format!("{row}: {column}"));
            String::new()
        })
    };
    let mut text = String::from(
        "# Coverage\n\n\
         Every operation of the service's model 2016-04-18 that needs no AWS credentials, and those of the identity pool that are called\n\
         here. A cell names the call, or the file that names the operation or its call most often: the pool's under `tests/pool/src`, the\n\
         tests under `tests`, `tests/e2e` and `tests/peers`. GetClientToken and GetDerivedToken need a client's secret, which no browser has.\n\
         `UPDATE=1 cargo test --test coverage` writes this page.\n\n\
         | operation | authorised by | our call | pool | native test | browser test | peer test |\n|---|---|---|---|---|---|---|\n",
    );
    let columns = [Column::Call, Column::Pool, Column::Native, Column::Browser, Column::Peer];
    for (name, by, _) in model() {
        let operation =
            OPERATIONS.iter().find(|operation| operation.name == name).unwrap_or_else(|| panic!("{name} has no row"));
        let cells = columns.map(|column| cell(&name, &format!("{column:?}"), project.cell(operation, column)));
        writeln!(text, "| {name} | {by} | {} |", cells.join(" | ")).unwrap();
    }
    for (title, turns) in [("flow", FLOWS), ("challenge", CHALLENGES)] {
        write!(text, "\n| {title} | step | native test | browser test |\n|---|---|---|---|\n").unwrap();
        for Turn { name, step, native, browser } in turns {
            let [native, browser] = [(&project.native, native), (&project.browser, browser)].map(|(files, texts)| {
                let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
                files.best(&texts).map(code)
            });
            let step = if step.is_empty() { "none: nobody is asked".to_owned() } else { code(step) };
            let (native, browser) = (cell(name, "Native", native), cell(name, "Browser", browser));
            writeln!(text, "| {name} | {step} | {native} | {browser} |").unwrap();
        }
    }
    (text, missing)
}

#[test]
fn every_call_of_the_map_is_one_of_the_package() {
    let project = Project::new();
    let calls: Vec<_> = OPERATIONS.iter().flat_map(|operation| operation.calls).collect();
    assert!(calls.len() > OPERATIONS.len() / 2);
    for call in calls {
        assert!(project.has(call), "the package's types have no {call}");
    }
    for call in ["signOff", "mfa.wish", "mfaa.preferences", "TotpStep.reply", "NoStep.answer"] {
        assert!(!project.has(call), "{call} was found");
    }
}

#[test]
fn every_operation_of_the_model_has_a_row_and_no_other_has() {
    let mut known: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    let model = model();
    let mut wanted: Vec<_> = model.iter().map(|(name, ..)| name.as_str()).collect();
    known.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(known, wanted);
}

#[test]
fn every_documented_error_has_a_code() {
    for (operation, _, errors) in model() {
        for error in errors {
            // An unknown user is no other refusal than a wrong password.
            assert!(error == "UserNotFound" || Code::named(&error).is_some(), "{operation}: {error}");
        }
    }
}

#[test]
fn the_page_is_what_the_project_shows() {
    let (text, missing) = page();
    let update = std::env::var_os("UPDATE").is_some_and(|update| update == "1");
    assert!(missing.is_empty(), "empty without a reason in tests/coverage/calls.rs:\n{}", missing.join("\n"));
    if update {
        fs::write(TABLE, &text).unwrap();
    }
    let found = fs::read_to_string(TABLE).unwrap();
    assert!(found == text, "docs/coverage.md is out of date; `UPDATE=1 cargo test --test coverage` writes it");
}
