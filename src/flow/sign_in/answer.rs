//! What the user answers, as the service takes it.

use super::challenge::{self, Kind};
use super::{Credentials, Question, SignIn, State};
use crate::error::Error;
use crate::flow::{Answer, Move, out_of_turn, text, unfit_answer};
use crate::protocol::Request;
use crate::protocol::json::{Json, Object};
use crate::text::Text;
use alloc::boxed::Box;

impl SignIn {
    pub(in crate::flow) fn answer(&mut self, answer: &mut Answer) -> Result<Move, Error> {
        let State::Asked(question) = self.state else { return Err(out_of_turn()) };
        let needs = match question {
            Question::Challenge(Kind::Password | Kind::NewPassword) => (false, true),
            Question::Challenge(Kind::SetUp) => (answer.email.is_empty(), false),
            Question::ResetPassword => (true, true),
            _ => (true, false),
        };
        if needs != (!answer.text.expose().is_empty(), !answer.password.expose().is_empty()) {
            return Err(unfit_answer());
        }
        let Credentials { username, metadata, .. } = &self.credentials;
        let given = answer.text.expose();
        let request = match question {
            Question::ConfirmSignUp => {
                core::mem::swap(&mut self.code, &mut answer.text);
                self.confirm()
            }
            Question::ResetPassword => {
                let new = &text(&answer.password)?;
                let request = self.pool.confirm_forgot_password(username, given, new.expose(), metadata);
                core::mem::swap(&mut self.credentials.password, &mut answer.password);
                request
            }
            Question::App => self.pool.verify_software_token(self.session.as_ref().ok_or_else(out_of_turn)?, given),
            Question::Challenge(Kind::NewPassword) => {
                let mut responses = Object::from(Json::read(&answer.responses));
                responses.text("USERNAME", self.username()).text("NEW_PASSWORD", text(&answer.password)?.expose());
                self.respond(responses)
            }
            Question::Challenge(Kind::Password) => {
                text(&answer.password)?;
                core::mem::swap(&mut self.credentials.password, &mut answer.password);
                self.by_password()?
            }
            Question::Challenge(Kind::SetUp) if given.is_empty() => {
                self.email = core::mem::take(&mut answer.email);
                self.respond_with("EMAIL", &self.email)
            }
            Question::Challenge(Kind::SetUp) => {
                return if given == "totp" { self.associate() } else { Err(unfit_answer()) };
            }
            Question::Challenge(Kind::Choice) => {
                let chosen = challenge::chosen(given, &self.offered).ok_or_else(unfit_answer)?;
                if challenge::step(chosen).is_some_and(|(_, kind)| kind == Kind::Password) {
                    if self.credentials.password.expose().is_empty() {
                        return Ok(self.ask("password", Kind::Password));
                    }
                    self.by_password()?
                } else {
                    self.respond_with("ANSWER", chosen)
                }
            }
            Question::Challenge(Kind::Custom) => self.respond_with("ANSWER", given),
            Question::Challenge(Kind::Passkey) => self.respond_with("CREDENTIAL", given),
            Question::Challenge(Kind::Code) => {
                self.respond_with(&[&self.challenge, "_CODE"].into_iter().collect::<Text>(), given.trim_ascii())
            }
        };
        self.state = State::Answered(question);
        Ok(Move::Send(request))
    }

    /// Sends the password, or the A that its proof begins with, as an answer of its own or together with the choice.
    fn by_password(&mut self) -> Result<Box<Request>, Error> {
        let mut responses = self.responses();
        let mut name = &*self.challenge;
        if let Some(chosen) = challenge::chosen("password", &self.offered) {
            responses.text("ANSWER", chosen);
            name = chosen;
        }
        match &self.key_pair {
            Some(key_pair) if name == "PASSWORD_SRP" => responses.text("SRP_A", &key_pair.public()),
            _ => responses.text("PASSWORD", text(&self.credentials.password)?.expose()),
        };
        Ok(self.respond(responses))
    }

    /// Begins to set an authenticator app up.
    pub(super) fn associate(&mut self) -> Result<Move, Error> {
        let request = self.pool.associate_software_token(self.session.as_ref().ok_or_else(|| self.unsupported())?);
        self.state = State::Associating;
        Ok(Move::Send(request))
    }
}
