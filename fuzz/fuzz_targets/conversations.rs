//! A sign-in or a sign-up that is told the lines of the input one after the other: a reply where it has sent a request, an
//! answer where it asks.
//!
//! The first line begins it: `srp`, `password`, `choice`, `custom` or `signUp`, then words of [`begin`]. An answer is made of a
//! text, `p` for the password, an e-mail address and `name=value`, with tabs between them; a line that begins with `!` is a reply
//! out of turn.
#![no_main]

use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{
    Answer, Credentials, Device, Flow, Group, KeyPair, Method, Moment, Outcome, Registration, Step, Stopped,
};
use cognito_vault::protocol::{Reply, Request};
use cognito_vault::secret::{SecretBytes, SecretText};
use cognito_vault::text::Text;
use cognito_vault_fuzz::{NOW, is_json, pool, reply, text, value};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

const PASSWORD: &str = "Pässword-of-no-seed";

fuzz_target!(|input: &[u8]| {
    let input = text(input);
    let mut lines = input.split('\n');
    let Ok(step) = begin(lines.next().unwrap_or_default()) else { return };
    let mut talk = Talk { sessions: BTreeSet::new(), echoes: input.contains(PASSWORD) };
    let mut turn = talk.take(Ok(step));
    for line in lines {
        turn = match turn {
            Turn::Sent(flow) => talk.receive(flow, line),
            Turn::Asked(flow) => match line.strip_prefix('!') {
                Some(line) => talk.interrupt(flow, line),
                None => talk.take(flow.answer(answer(line))),
            },
            Turn::Over => return,
        };
    }
});

enum Turn {
    Sent(Flow),
    Asked(Flow),
    Over,
}

struct Talk {
    /// Every Session that was received.
    sessions: BTreeSet<String>,
    /// Whether the service knows the password.
    echoes: bool,
}

impl Talk {
    fn receive(&mut self, flow: Flow, line: &str) -> Turn {
        let reply = reply(line);
        if let Some(session) = value(reply.body.expose()).as_ref().and_then(|body| body["Session"].as_str()) {
            self.sessions.insert(session.to_owned());
        }
        // A status of 0 stands for a reply that was lost.
        let result = if reply.status == 0 { Err(Error::new(Code::Network, "lost")) } else { Ok(Box::new(reply)) };
        self.take(receive(flow, result))
    }

    /// A reply while the user is asked changes nothing.
    fn interrupt(&self, flow: Flow, line: &str) -> Turn {
        match receive(flow, Ok(Box::new(reply(line)))) {
            Err(Stopped { error, again: Some(flow) }) if error.code == Code::InvalidState => Turn::Asked(flow),
            other => panic!("{other:?}"),
        }
    }

    fn take(&self, result: Result<Step, Stopped>) -> Turn {
        match result {
            Ok(Step::Send(request, flow)) => {
                self.check(&request);
                Turn::Sent(flow)
            }
            Ok(Step::Ask(ask, flow)) => {
                let step = ask.0.end();
                assert!(is_json(&step), "{step:?}");
                assert!(self.echoes || !step.contains(PASSWORD), "a password in what is asked");
                if let Ok(request) = flow.resend() {
                    self.check(&request);
                }
                Turn::Asked(flow)
            }
            Ok(Step::Done(outcome)) => {
                if let Outcome::SignedIn(session, _) = &outcome {
                    assert!(is_json(session.user()) && !session.subject().is_empty(), "the user");
                }
                Turn::Over
            }
            Err(Stopped { error, again }) => {
                assert!(self.echoes || !format!("{error:?} {again:?}").contains(PASSWORD), "a password in an error");
                again.map_or(Turn::Over, Turn::Asked)
            }
        }
    }

    /// A request goes where the app said, as JSON, with no Session but one that was received.
    fn check(&self, request: &Request) {
        let body = request.body.expose();
        assert_eq!(request.url, "https://cognito-idp.eu-west-1.amazonaws.com/");
        assert!(is_json(body), "{body}");
        if let Some(session) = value(body).as_ref().and_then(|body| body["Session"].as_str()) {
            assert!(self.sessions.contains(session), "{session:?} was never received");
        }
    }
}

fn receive(flow: Flow, result: Result<Box<Reply>, Error>) -> Result<Step, Stopped> {
    with_moment(|moment| flow.receive(result, moment))
}

/// The key pair's secret is short: the exponentiation is not what is looked for here.
fn with_moment<T>(run: impl FnOnce(Moment<'_>) -> T) -> T {
    run(Moment { now: NOW, key_pair: &mut || KeyPair::new(SecretBytes::new(vec![7]), Group::default()) })
}

/// The words after the first: `p` for the password, `d` for a device that is known, `u` for step-up, one of a challenge's name.
fn begin(line: &str) -> Result<Step, Error> {
    let mut words = line.split(' ');
    let pool = Rc::new(pool());
    let method = match words.next().unwrap_or_default() {
        "password" => Method::Password,
        "choice" => Method::Choice,
        "custom" => Method::Custom,
        "signUp" => {
            let attributes: Vec<_> = words.map(|word| json!({"Name": "email", "Value": word})).collect();
            let members = json!({"UserAttributes": attributes}).to_string().into();
            let (username, metadata) = ("ada".into(), Text::default());
            return Flow::sign_up(pool, Registration { username, password: password(), members, metadata });
        }
        _ => Method::Srp,
    };
    let mut credentials = Credentials { username: "ada@example.com".into(), method, ..Credentials::default() };
    for word in words {
        match word {
            "p" => credentials.password = password(),
            "d" => {
                let [key, group] = ["eu-west-1_2b0c5f", "-AbCdEf"].map(Text::from);
                credentials.device = Some(Box::new(Device { key, group, password: SecretText::from("c2VjcmV0") }));
            }
            "u" => {
                credentials.step_up = r#"{"TARGET_ACR_VALUES":"urn:cognito:loa:2"}"#.into();
            }
            word => credentials.preferred = word.into(),
        }
    }
    with_moment(|moment| Flow::sign_in(pool, credentials, moment))
}

fn answer(line: &str) -> Answer {
    let mut parts = line.split('\t');
    let mut next = || parts.next().unwrap_or_default();
    let (text, secret, email) = (SecretText::from(next()), next(), next().into());
    let password = if secret == "p" { password() } else { SecretBytes::new(secret.as_bytes().to_vec()) };
    let responses: Value =
        parts.filter_map(|part| part.split_once('=')).map(|(name, value)| (name.to_owned(), json!(value))).collect();
    Answer { text, password, email, responses: responses.to_string().into() }
}

fn password() -> SecretBytes {
    SecretBytes::new(PASSWORD.as_bytes().to_vec())
}
