//! A client with somebody signed in, and the calls that most tests make of it.

use super::support::host::Memory;
use super::support::service::{API, HOUR, NOW, client, members, texts, tokens};
use super::support::tasks::end;
use cognito_vault::client::{Client, Next, Task};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{Answer, Credentials, Method, Registration};
use cognito_vault::protocol::Reply;
use cognito_vault::text::Text;
use serde_json::{Value, json};
use std::cell::RefCell;

pub(super) type Vault = Client<Memory>;

/// Who never gives up.
pub(super) fn patient() -> bool {
    false
}

pub(super) fn credentials(method: Method) -> Credentials {
    let (username, password) = ("ada".into(), b"Lovelace-1815".to_vec().into());
    Credentials { username, password, method, ..Credentials::default() }
}

pub(super) fn registration() -> Registration {
    Registration {
        username: "ada".into(),
        password: b"Lovelace-1815".to_vec().into(),
        members: members(&[("email", "ada@example.com")], &[]),
        metadata: Text::default(),
    }
}

pub(super) async fn sign_in(vault: &Vault) -> Result<Next, Error> {
    vault.sign_in(credentials(Method::Srp), &patient).await
}

/// A code, or a choice.
pub(super) fn text(text: &str) -> Answer {
    Answer { text: text.into(), ..Answer::default() }
}

/// What an account that must give a name answers.
pub(super) fn new_password() -> Answer {
    let (password, responses) = (b"New-1816".to_vec().into(), texts(&[("userAttributes.given_name", "Ada")]));
    Answer { password, responses, ..Answer::default() }
}

/// Calls an operation by its name; the object that it answers.
pub(super) async fn account(vault: &Vault, name: &str, members: &Value) -> Result<Value, Error> {
    let reply = vault.account(name, members.to_string().into()).await?;
    Ok(serde_json::from_str(reply.expose()).unwrap())
}

pub(super) async fn get_user(vault: &Vault) -> Result<Value, Error> {
    account(vault, "GetUser", &json!({})).await
}

/// A vault where nobody is signed in.
pub(super) fn empty() -> (Memory, Vault) {
    let host = Memory::new();
    let vault = client(&host);
    (host, vault)
}

/// Signs `sub` in for an hour, with `refresh-1`, and forgets what was sent and told.
pub(super) fn signed_in_as(host: &Memory, vault: &Vault, sub: &str) {
    host.answers(tokens(sub, NOW + HOUR, Some("refresh-1")));
    assert!(matches!(end(vault.sign_in(credentials(Method::Password), &patient)), Ok(Next::SignedIn)));
    host.sent();
    host.told();
}

/// A vault where `ada` is signed in for an hour, with `refresh-1`.
pub(super) fn signed_in() -> (Memory, Vault) {
    let (host, vault) = empty();
    signed_in_as(&host, &vault, "ada");
    (host, vault)
}

/// An API call that answers 200; the token that it was called with.
pub(super) async fn token(vault: &Vault) -> Result<String, Error> {
    let (answer, mut used) = called(vault, &[Ok(200)]).await;
    answer.map(|_| used.remove(0))
}

/// An API call that answers these, one after the other; the last answer and every token that it was called with.
pub(super) async fn call(vault: &Vault, given: &[Result<u16, Code>]) -> (Result<u16, Code>, Vec<String>) {
    let (answer, used) = called(vault, given).await;
    (answer.map_err(|error| error.code), used)
}

async fn called(vault: &Vault, given: &[Result<u16, Code>]) -> (Result<u16, Error>, Vec<String>) {
    let used = RefCell::new(Vec::new());
    let result = vault
        .with_tokens(
            API,
            Box::new(|session| {
                let answer = given[used.borrow().len()];
                used.borrow_mut().push(session.access_token().expose().clone());
                answers(answer)
            }),
        )
        .await;
    (result.map(|reply| reply.status), used.take())
}

/// What an API answers to one call.
pub(super) fn answers<'a>(answer: Result<u16, Code>) -> Task<'a, Box<Reply>> {
    Task::new(async move {
        let status = answer.map_err(|code| Error::new(code, "The test says so."))?;
        Ok(Box::new(Reply { status, ..Reply::default() }))
    })
}

/// The code of what went wrong.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    result.unwrap_err().code
}
