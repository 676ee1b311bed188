//! Authorization codes: bound to a client, an address, a challenge and a user, and good for one exchange.

use std::collections::HashMap;

use super::{authorize::Asking, call::Told, visitors::Visitor};
use crate::{
    clock::{Instant, span},
    pool::Pool,
};

/// What a code stands for.
#[derive(Clone, Debug)]
pub struct Code {
    /// What was asked for.
    pub asking: Asking,
    /// Who signed in.
    pub visitor: Visitor,
    /// When it ends.
    pub ends_at: Instant,
    spent: bool,
    /// The family of tokens that it gave.
    gave: Option<String>,
}

/// What became of a code that was presented.
#[derive(Debug)]
pub enum Presented {
    /// For the first time: it is spent from now on, whatever it is exchanged for.
    First(Box<Code>),
    /// Again: the family that it gave.
    Again(Option<String>),
    /// There is none, or it is another client's.
    Unknown,
}

/// All codes ever given out.
#[derive(Debug, Default)]
pub struct Codes(HashMap<String, Code>);

impl Codes {
    /// Takes a code.
    pub fn present(&mut self, code: &str, client: &str) -> Presented {
        match self.0.get_mut(code).filter(|code| code.asking.client == client) {
            None => Presented::Unknown,
            Some(code) if code.spent => Presented::Again(code.gave.clone()),
            Some(code) => {
                code.spent = true;
                Presented::First(Box::new(code.clone()))
            }
        }
    }

    /// Notes what a code gave.
    pub fn gave(&mut self, code: &str, origin: &str) {
        if let Some(code) = self.0.get_mut(code) {
            code.gave = Some(origin.to_owned());
        }
    }
}

impl Pool {
    /// Sends a browser that is signed in back to the client.
    pub(super) fn give_code(&mut self, asking: &Asking, visitor: &Visitor) -> Told {
        let code = self.random.uuid();
        let ends_at = self.clock.now() + span(self.settings.hosted.code_seconds);
        let (asking, visitor) = (asking.clone(), visitor.clone());
        let told = asking.back.with(&[("code", &code)]);
        self.hosted.codes.0.insert(code, Code { asking, visitor, ends_at, spent: false, gave: None });
        told
    }
}
