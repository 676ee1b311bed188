//! One conversation driven by hand: a test sends nothing, and says what came back.

use super::support::service::{NOW, members, shared_pool, texts};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{
    Answer, Ask, Credentials, Flow, Group, KeyPair, Method, Moment, Outcome, Registration, Step, Stopped,
};
use cognito_vault::protocol::{Reply, Request};
use cognito_vault::secret::{SecretBytes, SecretText};
use serde_json::Value;
use std::cell::Cell;

pub(super) const PASSWORD: &str = "Lovelace-1815";

/// The key pairs drawn so far are numbered from 1.
#[derive(Default)]
pub(super) struct Talk {
    drawn: Cell<u8>,
}

impl Talk {
    pub(super) fn sign_in(&self, method: Method) -> (Box<Request>, Flow) {
        self.sign_in_with(method, &[])
    }

    pub(super) fn sign_in_with(&self, method: Method, metadata: &[(&str, &str)]) -> (Box<Request>, Flow) {
        self.begin(|credentials| {
            credentials.method = method;
            credentials.metadata = texts(metadata);
        })
    }

    /// A sign-in by SRP, with what a test changes of it.
    pub(super) fn begin(&self, change: impl FnOnce(&mut Credentials)) -> (Box<Request>, Flow) {
        let mut credentials =
            Credentials { username: "ada@example.com".into(), password: password(PASSWORD), ..Credentials::default() };
        change(&mut credentials);
        self.moment(|moment| sent(Flow::sign_in(shared_pool(), credentials, moment).unwrap()))
    }

    pub(super) fn receive(&self, flow: Flow, reply: Reply) -> Result<Step, Stopped> {
        self.moment(|moment| flow.receive(Ok(Box::new(reply)), moment))
    }

    pub(super) fn lose(&self, flow: Flow, code: Code) -> Result<Step, Stopped> {
        self.moment(|moment| flow.receive(Err(Error::new(code, "The test says so.")), moment))
    }

    /// A sign-in after these replies, with a request under way.
    pub(super) fn after(&self, method: Method, replies: Vec<Reply>) -> Flow {
        let mut flow = self.sign_in(method).1;
        for reply in replies {
            flow = match self.receive(flow, reply).unwrap() {
                Step::Send(_, flow) | Step::Ask(_, flow) => flow,
                Step::Done(_) => panic!("over already"),
            };
        }
        flow
    }

    pub(super) fn drawn(&self) -> u8 {
        self.drawn.get()
    }

    fn moment<T>(&self, run: impl FnOnce(Moment<'_>) -> T) -> T {
        let mut key_pair = || {
            self.drawn.set(self.drawn.get() + 1);
            KeyPair::new(exponent(self.drawn.get()), Group::default())
        };
        run(Moment { now: NOW, key_pair: &mut key_pair })
    }
}

fn exponent(number: u8) -> SecretBytes {
    SecretBytes::new(vec![number; 32])
}

/// The A of the pair with this number.
pub(super) fn public(number: u8) -> String {
    KeyPair::new(exponent(number), Group::default()).unwrap().public().to_string()
}

pub(super) fn password(text: &str) -> SecretBytes {
    SecretBytes::new(text.as_bytes().to_vec())
}

pub(super) fn registration(attributes: &[(&str, &str)], metadata: &[(&str, &str)]) -> Registration {
    Registration {
        username: "ada".into(),
        password: password(PASSWORD),
        members: members(attributes, &[("beta", "1")]),
        metadata: texts(metadata),
    }
}

pub(super) fn sign_up() -> (Box<Request>, Flow) {
    sent(Flow::sign_up(shared_pool(), registration(&[("email", "ada@example.com")], &[])).unwrap())
}

pub(super) fn code(text: &str) -> Answer {
    Answer { text: SecretText::from(text), ..Answer::default() }
}

pub(super) fn reset(code: &str, new: &str) -> Answer {
    Answer { text: SecretText::from(code), password: password(new), ..Answer::default() }
}

pub(super) fn new_password(new: &str, responses: &[(&str, &str)]) -> Answer {
    Answer { password: password(new), responses: texts(responses), ..Answer::default() }
}

#[track_caller]
pub(super) fn sent(step: Step) -> (Box<Request>, Flow) {
    match step {
        Step::Send(request, flow) => (request, flow),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(super) fn asked(step: Step) -> (&'static str, Value, Flow) {
    match step {
        Step::Ask(ask, flow) => {
            let (name, details) = told(ask);
            (name.leak(), details, flow)
        }
        other => panic!("{other:?}"),
    }
}

/// The name of a step, and what it tells besides.
fn told(Ask(step): Ask) -> (String, Value) {
    let mut details: Value = serde_json::from_str(&step.end()).unwrap();
    let name = details.as_object_mut().unwrap().remove("name").unwrap();
    (name.as_str().unwrap().to_owned(), details)
}

/// What came of it, in a few words.
pub(super) fn said(result: Result<Step, Stopped>) -> String {
    match result {
        Ok(Step::Send(request, _)) => format!("sends {}", request.operation),
        Ok(Step::Ask(ask, _)) => format!("asks {}", told(ask).0),
        Ok(Step::Done(Outcome::SignedIn(..))) => "signedIn".to_owned(),
        Ok(Step::Done(Outcome::SignedUp)) => "signedUp".to_owned(),
        Err(Stopped { error, again: None }) => format!("over {}", error.code.as_str()),
        Err(Stopped { error, again: Some(_) }) => format!("again {}", error.code.as_str()),
    }
}
