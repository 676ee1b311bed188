//! A source file as the layer rules see it: words and texts with their lines, without comments, and the paths they name.

/// Whose comments, strings and quotes to expect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    TypeScript,
}

/// What a source file is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name, a keyword or a number.
    Word(String),
    /// What stands between the quotes of a string.
    Text(String),
    /// Any other character.
    Mark(char),
}

/// A token and the line it starts on.
pub(crate) type Spot = (usize, Token);

/// The tokens of a source, in order.
pub(crate) fn tokens(source: &str, language: Language) -> Vec<Spot> {
    let mut lexer = Lexer { rest: source.chars().collect(), at: 0, line: 1, language, spots: Vec::new() };
    lexer.code();
    lexer.spots
}

/// The tokens of a short pattern, as `["Date", "::", "now"]` would be met in a source.
pub(crate) fn pattern(source: &str) -> Vec<Token> {
    tokens(source, Language::Rust).into_iter().map(|(_, token)| token).collect()
}

struct Lexer {
    rest: Vec<char>,
    at: usize,
    line: usize,
    language: Language,
    spots: Vec<Spot>,
}

impl Lexer {
    /// Reads to the end, or to the brace that closes a template's `${`.
    fn code(&mut self) {
        let mut braces = 0_usize;
        while let Some(next) = self.peek(0) {
            match (next, self.peek(1)) {
                ('/', Some('/')) => self.skip_while(|c| c != '\n'),
                ('/', Some('*')) => self.block_comment(),
                ('/', _) if self.starts_regex() => self.quoted('/'),
                ('"', _) => self.text('"'),
                ('\'', _) if self.language == Language::Rust => self.char_or_lifetime(),
                ('\'', _) => self.text('\''),
                ('`', _) if self.language == Language::TypeScript => self.template(),
                (c, _) if is_word(c) => self.word(),
                ('}', _) if braces == 0 && self.language == Language::TypeScript => return,
                (c, _) => {
                    braces = if c == '{' { braces + 1 } else { braces.saturating_sub(usize::from(c == '}')) };
                    self.mark(c);
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn step(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(next == '\n');
        Some(next)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.step();
        }
    }

    fn skip_while(&mut self, keep: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&keep) {
            self.step();
        }
    }

    fn mark(&mut self, c: char) {
        if !c.is_whitespace() {
            self.spots.push((self.line, Token::Mark(c)));
        }
        self.step();
    }

    fn word(&mut self) {
        let start = self.at;
        self.skip_while(is_word);
        let word: String = self.rest[start..self.at].iter().collect();
        match (word.as_str(), self.raw_hashes()) {
            ("r" | "br" | "cr", Some(hashes)) => self.raw_text(hashes),
            _ => self.spots.push((self.line, Token::Word(word))),
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(c) = self.step() {
            match (c, self.peek(0)) {
                ('/', Some('*')) if depth == 0 || self.language == Language::Rust => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => continue,
            }
            self.step();
            if depth == 0 {
                return;
            }
        }
    }

    fn text(&mut self, quote: char) {
        let (line, start) = (self.line, self.at + 1);
        self.quoted(quote);
        let end = self.at.saturating_sub(1).max(start);
        self.spots.push((line, Token::Text(self.rest[start.min(end)..end].iter().collect())));
    }

    /// Steps over a string or a regular expression. In TypeScript a line ends it: an apostrophe in JSX text opens none.
    fn quoted(&mut self, quote: char) {
        self.step();
        while let Some(c) = self.step() {
            if c == '\\' {
                self.step();
            } else if c == quote || (c == '\n' && self.language == Language::TypeScript) {
                return;
            }
        }
    }

    fn char_or_lifetime(&mut self) {
        if self.peek(1) == Some('\\') || self.peek(2) == Some('\'') { self.quoted('\'') } else { self.mark('\'') }
    }

    /// The number of `#` before the quote of a raw string, whose `r` was just read; none where a raw name follows.
    fn raw_hashes(&self) -> Option<usize> {
        let hashes = (0..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        (self.language == Language::Rust && self.peek(hashes) == Some('"')).then_some(hashes)
    }

    fn raw_text(&mut self, hashes: usize) {
        let line = self.line;
        let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        self.skip(hashes + 1);
        let start = self.at;
        while self.peek(0).is_some() && !self.rest[self.at..].starts_with(&end) {
            self.step();
        }
        self.spots.push((line, Token::Text(self.rest[start..self.at].iter().collect())));
        self.skip(end.len());
    }

    fn template(&mut self) {
        self.step();
        while let Some(c) = self.step() {
            match (c, self.peek(0)) {
                ('\\', _) => self.skip(1),
                ('$', Some('{')) => {
                    self.step();
                    self.code();
                    self.step();
                }
                ('`', _) => return,
                _ => {}
            }
        }
    }

    /// A slash after these cannot divide.
    fn starts_regex(&self) -> bool {
        self.language == Language::TypeScript
            && match self.spots.last() {
                Some((_, Token::Mark(mark))) => "(,=:[!&|?;{".contains(*mark),
                Some((_, Token::Word(word))) => word == "return",
                Some((_, Token::Text(_))) => false,
                None => true,
            }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// A path that a Rust source names, resolved from the crate's root: `["error", "Code"]`; the root itself is empty.
pub(crate) type RustPath = (usize, Vec<String>);

/// Every path of a Rust source that starts with `crate`, `super` or `self`. `module` is where the source stands: `["srp", "modpow"]`.
pub(crate) fn rust_paths(spots: &[Spot], module: &[String]) -> Vec<RustPath> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    // The modules opened inside the file, each with the depth of its opening brace.
    let mut inner: Vec<(usize, String)> = Vec::new();
    for (at, (line, token)) in spots.iter().enumerate() {
        match token {
            Token::Mark('{') => {
                depth += 1;
                if let Some(name) = opened_module(spots, at) {
                    inner.push((depth, name.to_owned()));
                }
            }
            Token::Mark('}') => {
                inner.retain(|(opened, _)| *opened != depth);
                depth = depth.saturating_sub(1);
            }
            Token::Word(word) if starts_path(spots, at) => {
                let here = module.iter().cloned().chain(inner.iter().map(|(_, name)| name.clone()));
                let start = if word == "crate" { Vec::new() } else { here.collect() };
                follow(spots, at, start, &mut |path| found.push((*line, path)));
            }
            _ => {}
        }
    }
    found
}

fn opened_module(spots: &[Spot], brace: usize) -> Option<&str> {
    match (word(spots, brace.checked_sub(2)?), word(spots, brace - 1)) {
        (Some("mod"), Some(name)) => Some(name),
        _ => None,
    }
}

/// Whether a path from the root or from here starts at this word: `crate::…`, but not the `crate` of `pub(crate)`.
fn starts_path(spots: &[Spot], at: usize) -> bool {
    let goes_on = separator(spots, at + 1);
    let renamed = word(spots, at + 1) == Some("as");
    let continues = at >= 2 && separator(spots, at - 2);
    !continues
        && match word(spots, at) {
            Some("crate" | "$crate") => goes_on || renamed,
            Some("super" | "self") => goes_on,
            _ => false,
        }
}

/// Follows a path or a tree of paths from `at`; returns where it ends.
fn follow(spots: &[Spot], at: usize, mut path: Vec<String>, found: &mut dyn FnMut(Vec<String>)) -> usize {
    match spots.get(at).map(|(_, token)| token) {
        Some(Token::Word(word)) => {
            match word.as_str() {
                "crate" | "$crate" => path.clear(),
                "super" => drop(path.pop()),
                "self" => {}
                name => path.push(name.to_owned()),
            }
            if separator(spots, at + 1) {
                return follow(spots, at + 3, path, found);
            }
            found(path);
            at + 1
        }
        Some(Token::Mark('{')) => {
            let mut at = at + 1;
            while let Some((_, token)) = spots.get(at) {
                at = match token {
                    Token::Mark('}') => return at + 1,
                    Token::Word(word) if word != "as" && word != "_" => follow(spots, at, path.clone(), found),
                    Token::Mark('*') => follow(spots, at, path.clone(), found),
                    Token::Word(_) => at + 2,
                    _ => at + 1,
                };
            }
            at
        }
        Some(Token::Mark('*')) => {
            path.push("*".to_owned());
            found(path);
            at + 1
        }
        _ => {
            found(path);
            at
        }
    }
}

/// The modules that a TypeScript source imports, exports from or loads by address.
pub(crate) fn typescript_imports(spots: &[Spot]) -> Vec<(usize, String)> {
    let text = |at: usize| match spots.get(at) {
        Some((line, Token::Text(text))) => Some((*line, text.clone())),
        _ => None,
    };
    let called = |at: usize| matches!(spots.get(at), Some((_, Token::Mark('('))));
    let imports = spots.iter().enumerate().filter_map(|(at, (_, token))| {
        let Token::Word(word) = token else { return None };
        match word.as_str() {
            "from" => text(at + 1),
            "import" if called(at + 1) => text(at + 2),
            "import" => text(at + 1),
            "require" if called(at + 1) => text(at + 2),
            "URL" if called(at + 1) && self::word(spots, at + 4) == Some("import") => text(at + 2),
            _ => None,
        }
    });
    imports.collect()
}

/// The word at a place, where there is one.
pub(crate) fn word(spots: &[Spot], at: usize) -> Option<&str> {
    match spots.get(at) {
        Some((_, Token::Word(word))) => Some(word),
        _ => None,
    }
}

fn separator(spots: &[Spot], at: usize) -> bool {
    let colon = |at: usize| matches!(spots.get(at), Some((_, Token::Mark(':'))));
    colon(at) && colon(at + 1)
}
