//! What the user is asked.

use super::challenge::{self, Kind};
use super::{Question, SignIn, State};
use crate::flow::{Ask, Move};
use crate::protocol::json::Object;

impl SignIn {
    pub(super) fn ask_account(&mut self, name: &str, question: Question) -> Move {
        self.session = None;
        let mut step = self.asked(name, question);
        step.text("username", &self.credentials.username);
        Move::Ask(Ask(step))
    }

    pub(super) fn ask_app(&mut self, secret: &str) -> Move {
        let mut step = self.asked("setUpMfa", Question::App);
        step.text("username", self.username()).text("secret", secret).raw("choices", "[\"totp\"]");
        Move::Ask(Ask(step))
    }

    pub(super) fn ask(&mut self, name: &str, kind: Kind) -> Move {
        let mut step = self.asked(name, Question::Challenge(kind));
        step.raw("parameters", &self.parameters);
        let choices = challenge::choices(&self.offered, kind);
        if !choices.is_empty() {
            step.raw("choices", &choices);
        }
        Move::Ask(Ask(step))
    }

    pub(super) fn asked(&mut self, name: &str, question: Question) -> Object {
        self.state = State::Asked(question);
        let mut step = Object::new();
        step.text("name", name);
        step
    }
}
