//! What the user is asked.

use super::challenge::{self, Kind};
use super::{Question, SignIn, State};
use crate::flow::{Ask, Move};
use crate::protocol::json::Object;

impl SignIn {
    pub(super) fn ask_account(&mut self, name: &'static str, question: Question) -> Move {
        self.session = None;
        self.state = State::Asked(question);
        let mut details = Object::new();
        details.text("username", &self.credentials.username);
        Move::Ask(Ask { name, details })
    }

    pub(super) fn ask_app(&mut self, secret: &str) -> Move {
        self.state = State::Asked(Question::App);
        let mut details = Object::new();
        details.text("username", self.username()).text("secret", secret).raw("choices", "[\"totp\"]");
        Move::Ask(Ask { name: "setUpMfa", details })
    }

    pub(super) fn ask(&mut self, name: &'static str, kind: Kind) -> Move {
        self.state = State::Asked(Question::Challenge(kind));
        let mut details = Object::new();
        details.raw("parameters", &self.parameters);
        let choices = challenge::choices(&self.offered, kind);
        if !choices.is_empty() {
            details.raw("choices", &choices);
        }
        Move::Ask(Ask { name, details })
    }
}
