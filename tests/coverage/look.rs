//! Looks into the project: which file of a kind holds a text most often, and which members the package's types have.

use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The columns of the first table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Call,
    Pool,
    Native,
    Browser,
    Peer,
}

/// The files of one kind, each by its name in the table.
pub(crate) struct Files(Vec<(String, String)>);

impl Files {
    /// The files under `folder` whose path from there satisfies `wanted`.
    pub(crate) fn under(folder: &str, wanted: fn(&str) -> bool) -> Self {
        let mut found = Vec::new();
        collect(&Path::new(ROOT).join(folder), "", wanted, &mut found);
        found.sort();
        assert!(!found.is_empty(), "{folder} holds none of these files");
        Self(found)
    }

    /// The file that holds one of these texts most often; of equals the first by name.
    pub(crate) fn best(&self, texts: &[String]) -> Option<&str> {
        let count = |source: &str| texts.iter().map(|text| occurrences(source, text)).sum::<usize>();
        let counted = self.0.iter().map(|(name, source)| (count(source), name.as_str())).rev();
        counted.max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 0).map(|(_, name)| name)
    }

    /// Whether an interface of these sources, or one that it extends, has the member; what the member's type is.
    pub(crate) fn member(&self, interface: &str, member: &str) -> Option<&str> {
        let opening = format!("export interface {interface}");
        let start = |source: &str| {
            let ends = |rest: &str| rest.starts_with([' ', '<']);
            source.match_indices(&opening).map(|(at, _)| at + opening.len()).find(|at| ends(&source[*at..]))
        };
        let (source, at) = self.0.iter().find_map(|(_, source)| start(source).map(|at| (source, at)))?;
        let (head, body) = source[at..].split_once("{\n")?;
        let declared = body.lines().take_while(|line| *line != "}").find_map(|line| {
            let line = line.strip_prefix("  ")?;
            let rest = line.strip_prefix("readonly ").unwrap_or(line).strip_prefix(member)?;
            rest.starts_with([':', '(', '<', '?']).then(|| rest.trim_start_matches([':', ' ']).trim_end_matches(';'))
        });
        let extended = head.rsplit_once("extends ").map(|(_, names)| names).unwrap_or_default();
        declared.or_else(|| extended.split(',').find_map(|name| self.member(name.trim(), member)))
    }
}

/// How often the texts between ` & ` stand in a source that holds all of them.
fn occurrences(source: &str, text: &str) -> usize {
    let counts: Vec<usize> = text.split(" & ").map(|part| standing_alone(source, part)).collect();
    if counts.contains(&0) { 0 } else { counts.iter().sum() }
}

/// Occurrences that do not begin in the middle of a word.
fn standing_alone(source: &str, part: &str) -> usize {
    let before = |at: usize| source[..at].chars().next_back();
    let is_word = part.starts_with(|c: char| c.is_ascii_alphanumeric());
    let begins = |at: usize| !is_word || before(at).is_none_or(|c| !c.is_ascii_alphanumeric());
    source.match_indices(part).filter(|(at, _)| begins(*at)).count()
}

fn collect(folder: &Path, name: &str, wanted: fn(&str) -> bool, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let inside = entry.file_name().to_string_lossy().into_owned();
        let name = if name.is_empty() { inside } else { format!("{name}/{inside}") };
        if entry.path().is_dir() {
            if !name.ends_with("node_modules") {
                collect(&entry.path(), &name, wanted, found);
            }
        } else if wanted(&name) {
            found.push((name, fs::read_to_string(entry.path()).expect("a source is readable")));
        }
    }
}
