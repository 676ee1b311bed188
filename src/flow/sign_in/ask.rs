//! What the user is asked, as the app sees it.

use super::challenge::{self, Kind};
use super::{Question, SignIn, State, new_password};
use crate::flow::{Ask, Move};
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::sent_to;
use alloc::borrow::ToOwned;

impl SignIn {
    pub(super) fn ask_account(&mut self, name: &'static str, question: Question) -> Move {
        self.state = State::Asked(question);
        let mut details = Object::new();
        details.text("username", &self.credentials.username);
        Move::Ask(Ask { name, details })
    }

    pub(super) fn ask_app(&mut self, secret: &str) -> Move {
        self.state = State::Asked(Question::App);
        let mut details = Object::new();
        details.text("username", self.username()).text("secret", secret).list("choices", &["totp".to_owned()]);
        Move::Ask(Ask { name: "setUpMfa", details })
    }

    pub(super) fn ask(&mut self, name: &'static str, kind: Kind) -> Move {
        self.state = State::Asked(Question::Challenge(kind));
        let (mut details, parameters) = (Object::new(), self.json());
        match kind {
            Kind::Code => {
                details.optional("deviceName", parameters.text("FRIENDLY_DEVICE_NAME").as_deref());
                if name != "totp" {
                    let names = ["CODE_DELIVERY_DESTINATION", "CODE_DELIVERY_DELIVERY_MEDIUM", ""];
                    details.raw("sentTo", &sent_to(parameters, names).end());
                }
            }
            Kind::Choice => {
                details.list("choices", &challenge::choices(&self.offered));
            }
            Kind::SetUp => {
                let mut choices = challenge::choices(&self.offered);
                for choice in &mut choices {
                    *choice = choice.strip_suffix("Code").unwrap_or(choice).to_owned();
                }
                details.list("choices", &choices);
            }
            Kind::Passkey => {
                let options = parameters.text("CREDENTIAL_REQUEST_OPTIONS").unwrap_or_default();
                details.raw("options", Json::parse(&options).unwrap_or(Json::NULL).as_written());
            }
            Kind::Custom => {
                let mut told = parameters.texts();
                told.retain(|(name, _)| !matches!(name.as_str(), "USERNAME" | "USER_ID_FOR_SRP"));
                details.raw("parameters", &Object::of(&told).end());
            }
            Kind::NewPassword => {
                let (required, known) = new_password::attributes(parameters);
                details.list("requiredAttributes", &required).raw("attributes", &Object::of(&known).end());
            }
            Kind::Password => {}
        }
        Move::Ask(Ask { name, details })
    }
}
