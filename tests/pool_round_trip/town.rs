//! A pool, a client that speaks to it, and the two clocks.

use super::support::devices::Devices;
use super::support::service::{NOW, members};
use super::support::tasks::end;
use aws_lc_rs::rsa::PublicKeyComponents as RsaPublicKeyComponents;
use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request as Http};
use base64ct::{Base64UrlUnpadded, Encoding};
use cognito_pool::{Beginning, CLIENT_ID, Clock, Keys, POOL_ID, Settings, router};
use cognito_vault::client::{Client, Config, Next, Task};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{Answer, Ask, Credentials, Method, Registration};
use cognito_vault::host::{Event, Host, News};
use cognito_vault::protocol::user_pool::UserPool;
use cognito_vault::protocol::{Millis, Reply, Request};
use cognito_vault::secret::SecretText;
use cognito_vault::session::Session;
use cognito_vault::text::Text;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::OnceLock;
use tower::ServiceExt;

const URL: &str = "http://pool.test";

/// Making RSA keys takes a while: all pools of this process have the same.
static KEYS: OnceLock<Keys> = OnceLock::new();

struct Inner {
    routes: Router,
    /// The client's clock.
    clock: Cell<Millis>,
    /// The pool's clock.
    pool_clock: Cell<Millis>,
    lost: Cell<u32>,
    lost_of: Cell<&'static str>,
    random: Cell<u64>,
    events: RefCell<Vec<Event>>,
}

/// The place in which the client runs, and the devices that are remembered there.
pub(super) struct Town(Rc<Inner>, Devices);

/// A pool with the demo's users, and a client of it.
pub(super) fn founded() -> (Town, Client<Town>) {
    let keys = KEYS.get_or_init(|| Keys::generate().unwrap()).clone();
    let clock = Clock::stopped(NOW / 1000);
    let routes = router(Beginning {
        demo: true,
        seed: Some(1815),
        settings: Settings::default(),
        clock,
        keys,
        url: URL.to_owned(),
    });
    let inner = Inner {
        routes,
        clock: Cell::new(NOW),
        pool_clock: Cell::new(NOW),
        lost: Cell::default(),
        lost_of: Cell::default(),
        random: Cell::new(1815),
        events: RefCell::default(),
    };
    let town = Town(Rc::new(inner), Devices::default());
    let client = town.client();
    (town, client)
}

impl Town {
    /// Another client of the same pool, on a device of its own.
    pub(super) fn client(&self) -> Client<Town> {
        let (id, client_id) = (POOL_ID.into(), CLIENT_ID.into());
        let pool = UserPool {
            id,
            client_id,
            endpoint: format!("{URL}/").into(),
            keys: format!("{URL}/{POOL_ID}/.well-known/jwks.json").into(),
            issuers: json!([format!("{URL}/{POOL_ID}")]).to_string().into(),
        };
        Client::new(
            Config {
                pool: pool.into(),
                api_origins: json!([URL]).to_string().into(),
                metadata: Text::default(),
                identity_endpoint: Text::default(),
                identity_login: Text::default(),
                idle_timeout: None,
                max_age: None,
            },
            Town(self.0.clone(), Devices::default()),
        )
    }

    /// Turns both clocks.
    pub(super) fn turn(&self, seconds: i64) {
        self.0.clock.set(self.0.clock.get() + seconds * 1000);
        self.0.pool_clock.set(self.0.pool_clock.get() + seconds * 1000);
        self.control("POST", "clock", json!({"advanceSeconds": seconds}));
    }

    /// Turns the client's clock alone.
    pub(super) fn turn_mine(&self, seconds: i64) {
        self.0.clock.set(self.0.clock.get() + seconds * 1000);
    }

    /// The next replies get lost; the pool has done what it was asked.
    pub(super) fn loses(&self, replies: u32) {
        self.0.lost.set(replies);
    }

    /// The next reply of this operation gets lost; the pool has done what it was asked.
    pub(super) fn loses_next(&self, operation: &'static str) {
        self.0.lost_of.set(operation);
    }

    /// The events told since the last call.
    pub(super) fn events(&self) -> Vec<Event> {
        self.0.events.take()
    }

    pub(super) fn settings(&self, settings: Value) {
        self.control("POST", "settings", settings);
    }

    /// Makes a user; `more` has the other members.
    pub(super) fn user(&self, username: &str, password: &str, more: Value) {
        let mut user = json!({"username": username, "password": password});
        user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.control("POST", "users", user);
    }

    /// The newest code that was sent to a user.
    pub(super) fn code(&self, username: &str) -> String {
        let codes = self.control("GET", &format!("codes?username={username}"), Value::Null);
        codes.as_array().unwrap().last().unwrap()["code"].as_str().unwrap().to_owned()
    }

    /// The operations that the pool has seen, with their status.
    pub(super) fn seen(&self) -> Vec<(String, u64)> {
        let requests = self.control("GET", "requests", Value::Null);
        let pair = |request: &Value| {
            Some((request["operation"].as_str()?.to_owned(), request["status"].as_u64().unwrap_or_default()))
        };
        requests.as_array().unwrap().iter().filter_map(pair).collect()
    }

    pub(super) fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, _, text) = end(self.exchange(method, &format!("/_pool/{path}"), &[], body.to_string())).unwrap();
        assert!((200..300).contains(&status), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: String,
    ) -> Result<(u16, HeaderMap, String), Error> {
        let mut request = Http::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let Ok(response) = self.0.routes.clone().oneshot(request.body(Body::from(body)).unwrap()).await;
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Ok((head.status.as_u16(), head.headers, String::from_utf8(body.to_vec()).unwrap()))
    }
}

impl Host for Town {
    async fn send(&self, request: &Request) -> Result<Box<Reply>, Error> {
        let path = request.url.strip_prefix(URL).unwrap();
        if request.operation.is_empty() {
            let (status, _, body) = self.exchange("GET", path, &[], String::new()).await?;
            return Ok(Box::new(Reply { status, body: SecretText::new(body), ..Reply::default() }));
        }
        let headers = [
            ("content-type", "application/x-amz-json-1.1".to_owned()),
            ("x-amz-target", format!("AWSCognitoIdentityProviderService.{}", request.operation)),
        ];
        let (status, headers, body) = self.exchange("POST", path, &headers, request.body.expose().clone()).await?;
        if request.operation == self.0.lost_of.get() {
            self.0.lost_of.take();
            return Err(Error::new(Code::Network, "The reply got lost."));
        }
        if self.0.lost.get() > 0 {
            self.0.lost.set(self.0.lost.get() - 1);
            return Err(Error::new(Code::Network, "The reply got lost."));
        }
        let header = |name| headers.get(name).map(|value| value.to_str().unwrap().into());
        Ok(Box::new(Reply {
            status,
            body: SecretText::new(body),
            error_type: header("x-amzn-errortype"),
            error_message: header("x-amzn-errormessage"),
            request_id: header("x-amzn-requestid"),
            date: header("date").map(|_| self.0.pool_clock.get()),
        }))
    }

    fn now(&self) -> Millis {
        self.0.clock.get()
    }

    fn entropy(&self, bytes: &mut [u8]) -> Result<(), Error> {
        for byte in bytes {
            // A linear congruential generator (Knuth, MMIX), of which the highest byte is taken.
            let next =
                self.0.random.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.0.random.set(next);
            *byte = next.to_be_bytes()[0];
        }
        Ok(())
    }

    async fn verify(&self, key: &str, text: &str, signature: &str) -> bool {
        let key: Value = serde_json::from_str(key).unwrap();
        let bytes = |text: &str| Base64UrlUnpadded::decode_vec(text).unwrap();
        let (n, e) = (bytes(key["n"].as_str().unwrap()), bytes(key["e"].as_str().unwrap()));
        RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &bytes(signature)).is_ok()
    }

    async fn load(&self) -> Option<SecretText> {
        None
    }

    async fn save(&self, _: &SecretText, _: u32, _: u32) -> bool {
        true
    }

    async fn clear(&self, _: &str) {}

    async fn device(&self, username: &str) -> Option<SecretText> {
        self.1.of(username)
    }

    async fn keep_device(&self, username: &str, record: &SecretText) {
        self.1.keep(username, record);
    }

    async fn lock(&self) {}

    fn unlock(&self) {}

    fn alarm(&self, _: u32) {}

    async fn pause(&self, _: u32) {}

    fn tell(&self, news: News<'_>) {
        self.0.events.borrow_mut().push(news.event);
    }
}

fn patient() -> bool {
    false
}

pub(super) fn sign_in(vault: &Client<Town>, username: &str, password: &str) -> Result<Next, Error> {
    sign_in_by(vault, username, password, Method::Srp)
}

pub(super) fn sign_in_by(vault: &Client<Town>, username: &str, password: &str, method: Method) -> Result<Next, Error> {
    let (username, password) = (username.into(), password.as_bytes().to_vec().into());
    end(vault.sign_in(Credentials { username, password, method, ..Credentials::default() }, &patient))
}

pub(super) fn sign_up(vault: &Client<Town>, username: &str, password: &str) -> Result<Next, Error> {
    let (username, password) = (username.into(), password.as_bytes().to_vec().into());
    let members = members(&[("email", "mary@example.com")], &[]);
    let registration = Registration { username, password, members, metadata: Text::default() };
    end(vault.sign_up(registration, &patient))
}

pub(super) fn answer(vault: &Client<Town>, question: u32, answer: Answer) -> Result<Next, Error> {
    end(vault.answer(question, answer, &patient))
}

/// Calls an operation by its name; the object that it answers.
pub(super) fn account(vault: &Client<Town>, name: &str, members: &Value) -> Result<Value, Error> {
    let reply = end(vault.account(name, members.to_string().into()))?;
    Ok(serde_json::from_str(reply.expose()).unwrap())
}

/// The user's attributes.
pub(super) fn attributes(vault: &Client<Town>) -> Result<Vec<(String, String)>, Error> {
    let user = account(vault, "GetUser", &json!({}))?;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Ok(user["UserAttributes"].as_array().unwrap().iter().map(|one| (text(&one["Name"]), text(&one["Value"]))).collect())
}

/// Sends the code of a question once more; where it went.
pub(super) fn resend(vault: &Client<Town>, question: u32) -> Value {
    let reply = end(vault.resend(question)).unwrap();
    serde_json::from_str::<Value>(reply.expose()).unwrap()["CodeDeliveryDetails"].clone()
}

#[track_caller]
pub(super) fn asked(next: Result<Next, Error>) -> (u32, &'static str, Value) {
    match next {
        Ok(Next::Ask(question, Ask(step))) => {
            let mut details: Value = serde_json::from_str(&step.end()).unwrap();
            let name = details.as_object_mut().unwrap().remove("name").unwrap();
            (question, name.as_str().unwrap().to_owned().leak(), details)
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(super) fn succeeds(next: Result<Next, Error>) {
    assert!(matches!(next, Ok(Next::SignedIn)), "{next:?}");
}

#[track_caller]
pub(super) fn refuses(next: Result<Next, Error>, message: &str) {
    let error = next.unwrap_err();
    assert_eq!((error.code, error.message.as_ref()), (Code::NotAuthorized, message));
}

/// What the sample API answers: the claims' `username`, or the status.
pub(super) fn who_am_i(town: &Town, vault: &Client<Town>) -> Result<String, Error> {
    let reply = end(vault.with_tokens(
        URL,
        Box::new(|session| {
            let headers = [("authorization", format!("Bearer {}", session.access_token().expose()))];
            Task::new(async move {
                let (status, _, body) = town.exchange("GET", "/api/me", &headers, String::new()).await?;
                Ok(Box::new(Reply { status, body: body.into(), ..Reply::default() }))
            })
        }),
    ))?;
    let body: Value = serde_json::from_str(reply.body.expose()).unwrap();
    Ok(body["claims"]["username"].as_str().map_or(reply.status.to_string(), str::to_owned))
}

/// GetUser with a token of the test's choice.
pub(super) fn get_user(town: &Town, token: &str) -> (u16, String) {
    let headers = [
        ("content-type", "application/x-amz-json-1.1".to_owned()),
        ("x-amz-target", "AWSCognitoIdentityProviderService.GetUser".to_owned()),
    ];
    let body = json!({"AccessToken": token}).to_string();
    let (status, _, body) = end(town.exchange("POST", "/", &headers, body)).unwrap();
    (status, body)
}

/// The access token that the client uses now.
pub(super) fn token(vault: &Client<Town>) -> Result<String, Error> {
    let reply = |session: Session| {
        let body = session.access_token().expose().as_str().into();
        Task::new(async { Ok(Box::new(Reply { status: 200, body, ..Reply::default() })) })
    };
    end(vault.with_tokens(URL, Box::new(reply))).map(|reply| reply.body.expose().clone())
}
