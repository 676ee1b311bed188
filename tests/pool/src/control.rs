//! The control API: what tests do to the pool behind the client's back.

use axum::{
    body::Body,
    extract::{Path, RawQuery, State},
    http::{Method, Request, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};

use crate::{
    control_mfa::{self, FactorsToSet},
    cors,
    faults::Fault,
    form::Form,
    keys::Keys,
    passkeys::Passkey,
    pool::{NewUser, Pool},
    sessions::Forced,
    shared::{Shared, answer, read},
    users::{Status, User},
};

type Outcome = Result<(u16, Value), (u16, String)>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserToMake {
    username: String,
    /// Absent for a user without a password.
    password: Option<String>,
    status: Option<Status>,
    enabled: Option<bool>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    required_attributes: Option<Vec<String>>,
    mfa: Option<FactorsToSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserChange {
    status: Option<Status>,
    enabled: Option<bool>,
    password: Option<String>,
    /// `null` removes an attribute.
    #[serde(default)]
    attributes: BTreeMap<String, Option<String>>,
    required_attributes: Option<Vec<String>>,
    mfa: Option<FactorsToSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Named {
    username: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    advance_seconds: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Challenge {
    username: String,
    challenge_name: String,
    #[serde(default)]
    parameters: Map<String, Value>,
}

/// Answers a request to `/_pool/…`.
pub async fn handle(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    if head.method == Method::OPTIONS {
        return cors::CONTROL.preflight(&head.headers);
    }
    let body = read(body).await.unwrap_or_default();
    let outcome = route(&shared, &head.method, &path, query.as_deref().unwrap_or_default(), &body);
    let (status, value) = outcome.unwrap_or_else(|(status, why)| (status, json!({ "message": why })));
    let mut response = answer(status, "application/json", value.to_string());
    cors::permit(response.headers_mut(), None);
    response
}

fn route(shared: &Shared, method: &Method, path: &str, query: &str, body: &[u8]) -> Outcome {
    let done = || Ok((200, json!({})));
    match (method.as_str(), path) {
        ("POST", "reset") => {
            shared.reset();
            done()
        }
        ("POST", "settings") => change_settings(&mut shared.pool(), body),
        ("GET", "settings") => whole_settings(&shared.pool()),
        ("POST", "users") => make_user(&mut shared.pool(), parsed(body)?),
        ("GET", "codes") => Ok((200, codes(&shared.pool(), Form::parse(query).given("username")))),
        ("GET", "totp") => {
            let code = shared.pool().totp_of(&Form::parse(query)).map_err(|why| (404, why))?;
            Ok((200, code))
        }
        ("GET", "requests") => {
            let query = Form::parse(query);
            let entries = json!(shared.pool().journal.entries(query.given("operation")));
            Ok((200, entries))
        }
        ("GET", "tokens") => Ok((200, json!(shared.pool().tokens.issued()))),
        ("POST", "clock") => {
            let turn: Advance = parsed(body)?;
            let mut pool = shared.pool();
            pool.clock.advance(turn.advance_seconds);
            Ok((200, json!({ "now": pool.clock.seconds() })))
        }
        ("POST", "faults") => {
            let fault: Fault = parsed(body)?;
            fault.check().map_err(|why| (400, why))?;
            shared.pool().faults.push(fault);
            done()
        }
        ("DELETE", "faults") => {
            shared.clear_faults();
            done()
        }
        ("POST", "challenges") => {
            let Challenge { username, challenge_name: name, parameters } = parsed(body)?;
            let forced = Forced { name, parameters };
            shared.pool().forced.insert(username, forced);
            done()
        }
        ("POST", "feedback") => {
            let Named { username } = parsed(body)?;
            let event = shared.pool().ask_for_feedback(&username);
            Ok((201, json!(event)))
        }
        ("GET", "feedback") => {
            let query = Form::parse(query);
            Ok((200, json!(shared.pool().feedback.of(query.given("username").unwrap_or_default()))))
        }
        ("GET", "identities") => Ok((200, Value::Object(shared.pool().known_identities()))),
        ("POST", "keys/rotate") => {
            // Made before the pool is locked: it takes a while.
            let keys = Keys::generate().map_err(|why| (500, why))?;
            shared.pool().keys = keys;
            done()
        }
        (method, path) => match path.strip_prefix("users/") {
            Some(username) => one_user(&mut shared.pool(), method, username, body),
            None => Err((404, "There is nothing of this name.".to_owned())),
        },
    }
}

fn change_settings(pool: &mut Pool, body: &[u8]) -> Outcome {
    let settings = pool.settings.merged(&parsed(body)?);
    pool.settings = settings.map_err(|why| (400, why))?;
    whole_settings(pool)
}

fn whole_settings(pool: &Pool) -> Outcome {
    Ok((200, json!(pool.settings)))
}

fn make_user(pool: &mut Pool, new: UserToMake) -> Outcome {
    if pool.users.named(&new.username).is_some() {
        return Err((409, "The user exists.".to_owned()));
    }
    let status = new.status.unwrap_or(Status::Confirmed);
    let mut attributes = new.attributes;
    for name in ["email", "phone_number"] {
        if attributes.contains_key(name) && status != Status::Unconfirmed {
            attributes.entry(format!("{name}_verified")).or_insert_with(|| "true".to_owned());
        }
    }
    let password = new.password.as_deref();
    let sub = pool.add_user(NewUser { username: &new.username, password, status, attributes });
    if let Some(user) = pool.users.named_mut(&new.username) {
        user.enabled = new.enabled.unwrap_or(true);
        user.required_attributes = new.required_attributes;
    }
    if let Some(mfa) = new.mfa {
        pool.set_factors(&new.username, mfa).map_err(|why| (400, why))?;
    }
    Ok((201, json!({ "sub": sub })))
}

fn one_user(pool: &mut Pool, method: &str, username: &str, body: &[u8]) -> Outcome {
    if pool.users.named(username).is_none() {
        return Err((404, "The user does not exist.".to_owned()));
    }
    match method {
        "GET" => {}
        "POST" => change_user(pool, username, parsed(body)?).map_err(|why| (400, why))?,
        "DELETE" => {
            pool.remove_user(username);
            return Ok((200, json!({})));
        }
        _ => return Err((405, "This cannot be done to a user.".to_owned())),
    }
    Ok((200, json!(pool.users.named(username).map(|user| described(pool, user)))))
}

fn change_user(pool: &mut Pool, username: &str, change: UserChange) -> Result<(), String> {
    if let Some(mfa) = change.mfa {
        pool.set_factors(username, mfa)?;
    }
    if let Some(password) = &change.password {
        pool.set_password(username, password);
    }
    let Some(user) = pool.users.named_mut(username) else {
        return Ok(());
    };
    user.status = change.status.unwrap_or(user.status);
    user.enabled = change.enabled.unwrap_or(user.enabled);
    if change.required_attributes.is_some() {
        user.required_attributes = change.required_attributes;
    }
    for (name, value) in change.attributes {
        match value {
            Some(value) => user.attributes.insert(name, value),
            None => user.attributes.remove(&name),
        };
    }
    Ok(())
}

fn described(pool: &Pool, user: &User) -> Value {
    let (mfa, devices) = control_mfa::described(user);
    json!({
        "username": user.username,
        "sub": user.sub,
        "status": user.status,
        "enabled": user.enabled,
        "attributes": user.attributes,
        "failures": pool.attempts.failures(&user.username),
        "heldBack": user.held_back,
        "passkeys": user.passkeys.iter().map(Passkey::descriptor).collect::<Vec<_>>(),
        "hasPassword": user.verifier.is_some(),
        "mfa": mfa,
        "devices": devices,
    })
}

fn codes(pool: &Pool, username: Option<&str>) -> Value {
    let wanted = |name: &str| username.is_none_or(|wanted| wanted == name);
    let mails: Vec<_> = pool.codes.mailbox().filter(|mail| wanted(&mail.username)).collect();
    json!(mails)
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, (u16, String)> {
    serde_json::from_slice(body).map_err(|error| (400, error.to_string()))
}
