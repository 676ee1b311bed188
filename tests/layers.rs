//! Keeps the layers apart: who may import whom, and what the core never does. The table of docs/architecture.md, as a test.
#![cfg(not(target_arch = "wasm32"))]

#[path = "layers/source.rs"]
mod source;

use source::{Language, Spot, Token, pattern, rust_paths, tokens, typescript_imports, word};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The modules of src/ and what each may import. `lib.rs` is the map of them all and may name any.
const RUST: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("error", &["text"]),
    ("secret", &["text"]),
    ("encoding", &["text", "secret"]),
    ("srp", &["text", "error", "secret", "encoding"]),
    ("protocol", &["text", "error", "secret", "encoding"]),
    ("session", &["text", "error", "secret", "encoding", "protocol"]),
    ("flow", &["text", "error", "secret", "encoding", "srp", "protocol", "session"]),
    ("host", &["error", "secret", "protocol"]),
    ("client", &["text", "error", "secret", "host", "flow", "protocol", "session"]),
    ("browser", &["error", "secret", "text", "encoding", "host", "protocol"]),
    ("wasm", &["encoding", "text", "error", "secret", "client", "browser", "flow", "protocol", "session"]),
];

/// What stands in a Rust source only in the modules named, and why.
const CONFINED: &[(&str, &[&str], &str)] = &[
    ("async", &["host", "client", "browser", "wasm"], "the core never waits"),
    ("await", &["host", "client", "browser", "wasm"], "the core never waits"),
    ("SystemTime", &[], "std's clock panics in a browser; the time is an argument"),
    ("Instant", &[], "std's clock panics in a browser; the time is an argument"),
    ("Date::now", &["browser"], "the host tells the time"),
    ("Date::new", &["browser"], "the host tells the time"),
    ("getrandom", &["browser"], "the host draws randomness"),
    ("rand::", &[], "the host draws randomness"),
    ("println!", &[], "nothing is logged"),
    ("print!", &[], "nothing is logged"),
    ("eprintln!", &[], "nothing is logged"),
    ("eprint!", &[], "nothing is logged"),
    ("dbg!", &[], "nothing is logged"),
    ("log::", &[], "nothing is logged"),
    ("tracing::", &[], "nothing is logged"),
    ("console::", &[], "nothing is logged"),
    ("js_sys", &["browser", "wasm"], "the core is the same on every machine"),
    ("web_sys", &["browser", "wasm"], "the core is the same on every machine"),
    ("wasm_bindgen", &["browser", "wasm"], "the core is the same on every machine"),
];

/// The modules that exist for wasm32 only, and may therefore be compiled by conditions.
const WASM_ONLY: &[&str] = &["browser", "wasm"];

/// The modules of pkg-template/src and what each may import; `wasm` stands for the built core.
const TYPESCRIPT: &[(&str, &[&str])] = &[
    ("codes", &[]),
    ("errors", &["codes"]),
    ("user", &[]),
    ("streams", &[]),
    ("request", &["errors", "engine", "streams"]),
    ("places", &[]),
    ("takeover", &["steps", "user"]),
    ("name", &["engine"]),
    ("storage", &["places"]),
    ("rungs", &["places", "engine", "worker", "wasm"]),
    ("engine", &["errors", "codes", "places", "name", "rungs"]),
    ("kept", &[]),
    ("sealed", &["kept"]),
    ("store", &["engine", "name", "kept", "sealed"]),
    ("tabs", &[]),
    ("plain", &["engine"]),
    ("api", &["engine", "plain", "request"]),
    ("endpoints", &["engine"]),
    ("edge", &["engine", "api", "endpoints", "name", "plain", "request", "store", "tabs", "wasm"]),
    ("shapes", &["calls", "plain", "steps"]),
    ("operations", &["shapes"]),
    ("identity", &["calls", "plain", "shapes"]),
    ("account", &["calls", "edge", "engine", "identity", "operations", "plain", "shapes", "steps", "takeover"]),
    ("worker", &["engine", "account", "api", "name", "plain", "edge"]),
    ("config", &["errors", "codes", "places", "name", "engine", "storage"]),
    ("passkeys", &["errors", "engine", "calls", "steps"]),
    ("steps", &["errors", "engine", "passkeys", "user"]),
    ("calls", &["steps"]),
    ("auth", &["errors", "user", "request", "engine", "calls", "config", "steps", "takeover"]),
    ("index", &["errors", "codes", "user", "places", "calls", "config", "steps", "auth"]),
    ("policy", &[]),
    ("import", &["index", "takeover"]),
    ("resume", &["index", "takeover"]),
    ("hosted", &["index", "takeover"]),
    ("compat", &["edge", "engine", "kept", "shapes"]),
    ("testing", &["index", "calls", "user"]),
    ("react", &["index", "hosted"]),
];

/// The packages that a part of the npm package may import: it has no dependencies of its own.
const PACKAGES: &[(&str, &[&str])] = &[("react", &["react", "react/jsx-runtime"])];

#[test]
fn every_source_stays_in_its_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for folder in ["src", "pkg-template/src", "www", "tests", "benches"] {
        let endings = if folder == "src" { &["rs"][..] } else { &["ts", "tsx", "mts", "js", "jsx", "mjs"] };
        let sources = files(root, folder, endings);
        assert!(!sources.is_empty(), "{folder} holds no sources");
        for file in sources {
            let text = fs::read_to_string(root.join(&file)).expect("a source is readable");
            let check = if folder == "src" { rust_faults } else { typescript_faults };
            faults.extend(check(&file, &text));
        }
    }
    assert!(faults.is_empty(), "{} layer faults:\n{}", faults.len(), faults.join("\n"));
}

/// What a Rust source breaks; `file` is its path from the root of the repository.
fn rust_faults(file: &str, text: &str) -> Vec<String> {
    let place = module_path(file);
    let Some(module) = place.first() else { return Vec::new() };
    let Some((_, allowed)) = RUST.iter().find(|(name, _)| name == module) else {
        return vec![format!("{file}:1: the module `{module}` has no row in the table of layers")];
    };
    let spots = tokens(text, Language::Rust);
    let imports = rust_paths(&spots, &place).into_iter().filter_map(|(line, path)| {
        let fault = match path.first() {
            None => Some("names the crate's root, so its imports cannot be read".to_owned()),
            Some(target) if target == module || allowed.contains(&target.as_str()) => None,
            Some(target) if RUST.iter().any(|(name, _)| name == target) => {
                Some(format!("`{module}` may not import `{target}`"))
            }
            Some(target) => {
                Some(format!("`crate::{target}` is no module of the table; import it from the module it belongs to"))
            }
        };
        fault.map(|fault| (line, fault))
    });
    let confined =
        CONFINED.iter().filter(|(_, modules, _)| !modules.contains(&module.as_str())).flat_map(|(what, _, why)| {
            let wanted = pattern(what);
            occurrences(&spots, &wanted).into_iter().map(move |line| (line, format!("`{what}` in `{module}`: {why}")))
        });
    let conditions = if WASM_ONLY.contains(&module.as_str()) { Vec::new() } else { conditions(&spots, &place) };
    let mut faults: Vec<_> = imports.chain(confined).chain(conditions).collect();
    faults.sort();
    faults.iter().map(|(line, fault)| format!("{file}:{line}: {fault}")).collect()
}

/// `src/srp/modpow.rs` is `srp::modpow`; `src/srp/mod.rs` is `srp`; `src/lib.rs` is the root.
fn module_path(file: &str) -> Vec<String> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let parts = inside.split('/').filter(|part| *part != "mod" && *part != "lib");
    parts.map(str::to_owned).collect()
}

fn occurrences(spots: &[Spot], wanted: &[Token]) -> Vec<usize> {
    let met = spots.windows(wanted.len()).filter(|window| window.iter().map(|(_, token)| token).eq(wanted));
    met.filter_map(|window| window.first()).map(|(line, _)| *line).collect()
}

/// Compilation under a condition, other than for tests; the exponentiation may ask for SIMD128.
fn conditions(spots: &[Spot], place: &[String]) -> Vec<(usize, String)> {
    let simd = matches!(place, [module, file, ..] if module == "srp" && file == "lanes");
    let mut faults = Vec::new();
    for (at, (line, _)) in spots.iter().enumerate() {
        let asks = matches!(word(spots, at), Some("cfg" | "cfg_attr" | "cfg_select"));
        let opens = spots.iter().skip(at + 1).map(|(_, token)| token).find(|token| **token != Token::Mark('!'));
        if !asks || opens != Some(&Token::Mark('(')) {
            continue;
        }
        let strange = inside_brackets(&spots[at + 1..]).find(|token| match token {
            Token::Word(word) => {
                !matches!((word.as_str(), simd), ("test" | "not" | "all" | "any", _) | ("target_feature", true))
            }
            Token::Text(text) => !(simd && text == "simd128"),
            Token::Mark(_) => false,
        });
        if let Some(Token::Word(what) | Token::Text(what)) = strange {
            faults.push((*line, format!("compiled by the condition `{what}`: the core is the same on every machine")));
        }
    }
    faults
}

/// The tokens of the first bracket, whatever stands in it.
fn inside_brackets(spots: &[Spot]) -> impl Iterator<Item = &Token> {
    let mut depth = 0_usize;
    let inside = spots.iter().map(|(_, token)| token).skip_while(|token| **token != Token::Mark('('));
    inside.take_while(move |token| {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth -= 1,
            _ => {}
        }
        depth > 0
    })
}

/// What a TypeScript or JavaScript source breaks by its imports.
fn typescript_faults(file: &str, text: &str) -> Vec<String> {
    let spots = tokens(text, Language::TypeScript);
    let faults = typescript_imports(&spots).into_iter().filter_map(|(line, target)| {
        let fault = match file.strip_prefix("pkg-template/src/") {
            Some(inside) => package_fault(inside, &target),
            None => app_fault(file, &target),
        };
        fault.map(|fault| format!("{file}:{line}: {fault}"))
    });
    faults.collect()
}

/// `inside` is a source's path in pkg-template/src.
fn package_fault(inside: &str, target: &str) -> Option<String> {
    let module = first_part(inside);
    let Some((_, allowed)) = TYPESCRIPT.iter().find(|(name, _)| *name == module) else {
        return Some(format!("the module `{module}` has no row in the table of layers"));
    };
    if !target.starts_with('.') {
        let packages = PACKAGES.iter().filter(|(name, _)| *name == module).flat_map(|(_, packages)| *packages);
        return (!packages.into_iter().any(|name| *name == target))
            .then(|| format!("`{module}` may not import the package `{target}`: there are no runtime dependencies"));
    }
    let place = resolve(inside, target);
    let wanted = if place.contains("cognito_vault") { "wasm" } else { first_part(&place) };
    (wanted != module && !allowed.contains(&wanted)).then(|| format!("`{module}` may not import `{wanted}`"))
}

/// The demo, the tests and the benchmarks see the package as an app does: by its name.
fn app_fault(file: &str, target: &str) -> Option<String> {
    let place = resolve(file, target);
    let home = first_part(&place);
    let outside = if file.starts_with("www/") { home != "www" } else { ["src", "pkg-template", "www"].contains(&home) };
    (target.starts_with('.') && outside)
        .then(|| format!("imports `{place}`: an app imports the package only, by its name"))
}

/// `auth` of `auth.ts`, `react` of `react/provider.tsx`.
fn first_part(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    if first == ".." { first } else { first.split('.').next().unwrap_or(first) }
}

/// Where an import leads, from the same root as `file`.
fn resolve(file: &str, target: &str) -> String {
    let mut place = PathBuf::from(file);
    place.pop();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir if !place.pop() => place.push(".."),
            Component::Normal(name) => place.push(name),
            _ => {}
        }
    }
    place.to_string_lossy().into_owned()
}

/// The files with one of these endings under a folder, as paths from `root`; nothing that is installed or built.
fn files(root: &Path, folder: &str, endings: &[&str]) -> Vec<String> {
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .flat_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            match entry.path().is_dir() {
                true if matches!(name.as_str(), "node_modules" | "dist" | "target") => Vec::new(),
                true => files(root, &path, endings),
                false => vec![path],
            }
        })
        .filter(|path| Path::new(path).extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)))
        .collect();
    found.sort();
    found
}

/// The checker itself: each sample breaks one rule on one line, or none.
mod checker {
    use super::{rust_faults, typescript_faults};

    /// A path, what is written there, the line of its one fault, and a part of what is said about it.
    type Sample = (&'static str, &'static str, usize, &'static str);

    fn finds(check: fn(&str, &str) -> Vec<String>, samples: &[Sample]) {
        for (file, text, line, what) in samples {
            let faults = check(file, text);
            let place = format!("{file}:{line}: ");
            assert!(faults.len() == 1, "one fault expected in {text:?}, found {faults:?}");
            assert!(faults.iter().all(|fault| fault.starts_with(&place) && fault.contains(what)), "{faults:?}");
        }
    }

    #[test]
    fn an_import_against_the_table() {
        let samples = [
            ("src/srp/mod.rs", "use crate::error::Error;\nuse crate::flow::Step;", 2, "`srp` may not import `flow`"),
            ("src/error.rs", "fn f() { crate::secret::wipe() }", 1, "may not import `secret`"),
            ("src/flow/sign_in.rs", "use crate::{\n  error::{Code, Error},\n  host::Host,\n};", 1, "import `host`"),
            ("src/protocol/json.rs", "use super::super::session::Session;", 1, "may not import `session`"),
            ("src/secret.rs", "use super::{error::Code};", 1, "may not import `error`"),
            ("src/srp/mod.rs", "mod a { mod b { use super::super::super::client; } }", 1, "may not import `client`"),
            ("src/session/mod.rs", "pub(in crate::flow) fn f() {}", 1, "may not import `flow`"),
        ];
        finds(rust_faults, &samples);
    }

    #[test]
    fn an_import_that_hides_its_module() {
        let samples = [
            ("src/flow/mod.rs", "use crate::*;", 1, "`crate::*`"),
            ("src/flow/mod.rs", "use crate::Error;", 1, "`crate::Error` is no module"),
            ("src/flow/mod.rs", "use crate as root;", 1, "crate's root"),
            ("src/flow/mod.rs", "use crate::{self as root, error::Error};", 1, "crate's root"),
            ("src/error.rs", "use super::*;", 1, "`crate::*`"),
        ];
        finds(rust_faults, &samples);
    }

    #[test]
    fn a_module_without_a_row() {
        finds(rust_faults, &[("src/utils.rs", "", 1, "`utils` has no row")]);
        finds(typescript_faults, &[("pkg-template/src/helpers.ts", "import './errors.js'", 1, "`helpers` has no row")]);
    }

    #[test]
    fn what_the_core_never_does() {
        let samples = [
            ("src/flow/mod.rs", "\nasync fn f() {}", 2, "never waits"),
            ("src/session/mod.rs", "use std::time::SystemTime;", 1, "`SystemTime`"),
            ("src/client.rs", "let t = std::time::Instant::now();", 1, "`Instant`"),
            ("src/wasm/mod.rs", "let t = js_sys::Date::now();", 1, "the host tells the time"),
            ("src/browser/mod.rs", "web_sys::console::log_1(&token);", 1, "nothing is logged"),
            ("src/client.rs", "dbg!(password);", 1, "nothing is logged"),
            ("src/client.rs", "use web_sys::Request;", 1, "every machine"),
            ("src/error.rs", "#[cfg(target_arch = \"wasm32\")] mod x;", 1, "`target_arch`"),
            ("src/srp/lanes.rs", "if cfg!(target_feature = \"avx2\") {}", 1, "`avx2`"),
            ("src/srp/group.rs", "#[cfg(target_feature = \"simd128\")] mod x;", 1, "`target_feature`"),
            ("src/host.rs", "#[cfg_attr(test, derive(Debug))] struct X;", 1, "`derive`"),
        ];
        finds(rust_faults, &samples);
    }

    #[test]
    fn rust_that_is_allowed() {
        let good = r##"
            //! Not an import: use crate::flow::Step;
            /* nor this /* nested */ use crate::host::Host; */
            use crate::{error::{self, Code}, secret::SecretText};
            use super::group::{N, g};
            pub(crate) struct Quote<'a>(&'a str, char);
            const TEXT: &str = "async crate::flow::Step \" println!()";
            const RAW: &[u8] = br#"crate::flow " crate::host"#;
            const MARKS: [char; 3] = ['"', '\'', '/'];
            #[cfg(target_feature = "simd128")] mod simd {}
            #[cfg(all(test, not(target_feature = "simd128")))] mod portable { use super::super::group; }
            #[cfg(test)] mod tests { use super::*; use crate::srp::group; }
        "##;
        assert_eq!(rust_faults("src/srp/lanes.rs", good), [""; 0]);
        assert_eq!(rust_faults("src/lib.rs", "#[cfg(target_arch = \"wasm32\")] pub mod browser;"), [""; 0]);
        assert_eq!(rust_faults("src/client/gate.rs", "async fn f() { crate::host::g().await }"), [""; 0]);
    }

    #[test]
    fn a_typescript_import_against_the_table() {
        let samples = [
            ("pkg-template/src/errors.ts", "\nimport { Auth } from './auth.js';", 2, "`errors` may not import `auth`"),
            ("pkg-template/src/auth.ts", "import {\n  useAuth,\n} from \"./react/index.js\";", 3, "import `react`"),
            ("pkg-template/src/react/x.tsx", "import type { E } from '../engine.js'", 1, "import `engine`"),
            ("pkg-template/src/engine.ts", "export * from './auth.js'", 1, "may not import `auth`"),
            ("pkg-template/src/auth.ts", "const w = await import('./worker.js')", 1, "may not import `worker`"),
            ("pkg-template/src/auth.ts", "new URL('./cognito_vault_bg.wasm', import.meta.url)", 1, "import `wasm`"),
            ("pkg-template/src/auth.ts", "import React from 'react'", 1, "the package `react`"),
            ("pkg-template/src/react/x.tsx", "import z from 'zod'", 1, "the package `zod`"),
            ("www/src/App.tsx", "import { a } from '../../pkg-template/src/index.js'", 1, "by its name"),
            ("tests/e2e/a.test.mjs", "import '../../www/src/App.tsx'", 1, "by its name"),
        ];
        finds(typescript_faults, &samples);
    }

    #[test]
    fn typescript_that_is_allowed() {
        let good = r#"
            // import './flow.js'
            /* import './react/index.js' */
            import { useAuth } from "./use-auth.js";
            import { useState } from 'react';
            import { createAuth } from "../index.js";
            const text = "from './engine.js'";
            const template = `${a ? `import './engine.js'` : "}"} from './engine.js'`;
            const pattern = /["'`]/.test(text);
            const quote = <p>Don't import</p>;
            const from = Array.from("./engine.js");
        "#;
        assert_eq!(typescript_faults("pkg-template/src/react/index.tsx", good), [""; 0]);
        let app = "import { createAuth } from 'cognito-vault'; import { route } from '../route'; import './style.css'";
        assert_eq!(typescript_faults("www/src/pages/Home.tsx", app), [""; 0]);
        let test = "import { serve } from '../../scripts/serve.mjs'; import { pool } from './support/pool.mjs'";
        assert_eq!(typescript_faults("tests/e2e/a.test.mjs", test), [""; 0]);
    }
}
