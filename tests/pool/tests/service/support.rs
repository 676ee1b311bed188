//! A pool within this process, a client that speaks to it, and a small SRP client of its own.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use cognito_pool::{Beginning, CLIENT_ID, Clock, Keys, Settings, router};
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::BodyExt;
use num_bigint::{BigInt, BigUint};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{cell::Cell, sync::OnceLock};
use tokio::runtime::{self, Runtime};
use tower::ServiceExt;

/// Thu Jan 1 09:00:00 UTC 2026.
pub const START: i64 = 1_767_258_000;
pub const URL: &str = "http://127.0.0.1:9229";
pub const PASSWORD: &str = "Lovelace-1815";

/// One pool, with the demo's users.
pub struct Pool {
    router: Router,
    runtime: Runtime,
    now: Cell<i64>,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        let body = if self.bytes.is_empty() { json!({}) } else { self.json() };
        assert_eq!(self.status, 200, "{body}");
        body
    }

    /// Name and message of a refusal.
    #[track_caller]
    pub fn refusal(self) -> (String, String) {
        let body = self.json();
        assert_ne!(self.status, 200, "{body}");
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        let name = text("__type");
        (name.rsplit('#').next().unwrap().to_owned(), text("message"))
    }

    #[track_caller]
    pub fn refused_with(self, name: &str, message: &str) {
        assert_eq!(self.refusal(), (name.to_owned(), message.to_owned()));
    }

    /// Refused by this name, whatever the words.
    #[track_caller]
    pub fn refused(self, name: &str) {
        assert_eq!(self.refusal().0, name);
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Pool {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    /// One that begins with these settings.
    pub fn with(settings: Settings) -> Self {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        let keys = KEYS.get_or_init(|| Keys::generate().unwrap()).clone();
        Self {
            router: router(Beginning {
                demo: true,
                seed: Some(7),
                settings,
                clock: Clock::stopped(START),
                keys,
                url: URL.to_owned(),
            }),
            runtime: runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap(),
            now: Cell::new(START),
        }
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            Answer {
                status: head.status.as_u16(),
                headers: head.headers,
                bytes: body.collect().await.unwrap().to_bytes().to_vec(),
            }
        })
    }

    /// The time on the runtime's timer, which only a delay moves.
    pub fn elapsed(&self) -> tokio::time::Instant {
        self.runtime.block_on(async { tokio::time::Instant::now() })
    }

    /// One operation on the wire.
    pub fn call(&self, operation: &str, body: Value) -> Answer {
        self.call_raw(operation, body.to_string())
    }

    pub fn call_raw(&self, operation: &str, body: impl Into<Body>) -> Answer {
        self.send(
            Request::post("/")
                .header("content-type", "application/x-amz-json-1.1")
                .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"))
                .body(body.into())
                .unwrap(),
        )
    }

    pub fn control(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = Body::from(body.to_string());
        self.send(Request::builder().method(method).uri(format!("/_pool/{path}")).body(body).unwrap())
    }

    pub fn set(&self, settings: Value) {
        self.control("POST", "settings", settings).ok();
    }

    pub fn turn(&self, seconds: i64) {
        self.control("POST", "clock", json!({ "advanceSeconds": seconds })).ok();
        self.now.set(self.now.get() + seconds);
    }

    pub fn user(&self, username: &str) -> Value {
        self.control("GET", &format!("users/{username}"), json!({})).ok()
    }

    pub fn add(&self, username: &str, status: &str) {
        let user = json!({ "username": username, "password": PASSWORD, "status": status,
                           "attributes": { "email": format!("{username}@example.com") } });
        assert_eq!(self.control("POST", "users", user).status, 201);
    }

    pub fn change(&self, username: &str, change: Value) {
        self.control("POST", &format!("users/{username}"), change).ok();
    }

    /// The newest code mailed to a user.
    pub fn code(&self, username: &str) -> String {
        let mails = self.control("GET", &format!("codes?username={username}"), json!({})).ok();
        mails.as_array().unwrap().last().unwrap()["code"].as_str().unwrap().to_owned()
    }

    /// The newest mail or SMS to a user.
    pub fn mail(&self, username: &str) -> Value {
        let mails = self.control("GET", &format!("codes?username={username}"), json!({})).ok();
        mails.as_array().unwrap().last().unwrap().clone()
    }

    /// The code of a user's authenticator app, `step` steps from now.
    pub fn totp(&self, username: &str, step: i64) -> String {
        let path = format!("totp?username={username}&step={step}");
        self.control("GET", &path, json!({})).ok()["code"].as_str().unwrap().to_owned()
    }

    /// InitiateAuth.
    pub fn initiate(&self, flow: &str, parameters: Value) -> Answer {
        self.call("InitiateAuth", json!({ "ClientId": CLIENT_ID, "AuthFlow": flow, "AuthParameters": parameters }))
    }

    /// An answer to what `asked` asked, with its Session.
    #[track_caller]
    pub fn answer(&self, asked: &Value, responses: Value) -> Answer {
        let name = asked["ChallengeName"].as_str().unwrap_or("SELECT_CHALLENGE");
        self.respond(name, Some(&session(asked)), responses)
    }

    /// The answer to a PASSWORD_VERIFIER that has a Session.
    #[track_caller]
    pub fn prove(&self, asked: &Value, password: &str) -> Answer {
        let responses = Proof::default().responses(&asked["ChallengeParameters"], password, &self.timestamp(0));
        self.answer(asked, responses)
    }

    /// An operation with an access token.
    pub fn with_token(&self, operation: &str, access: &str, mut members: Value) -> Answer {
        members["AccessToken"] = access.into();
        self.call(operation, members)
    }

    /// TIMESTAMP, `away` seconds from the pool's time; right in January 2026 only.
    pub fn timestamp(&self, away: i64) -> String {
        let since = self.now.get() + away - (START - 9 * 3600);
        let (day, second) = (since.div_euclid(86_400), since.rem_euclid(86_400));
        assert!((0..31).contains(&day));
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from(day % 7).unwrap()];
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{weekday} Jan {} {hour:02}:{minute:02}:{second:02} UTC 2026", day + 1)
    }

    /// InitiateAuth with SRP.
    pub fn begin(&self, username: &str, proof: &Proof) -> Answer {
        self.call(
            "InitiateAuth",
            json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_SRP_AUTH",
                    "AuthParameters": { "USERNAME": username, "SRP_A": proof.public() } }),
        )
    }

    /// A whole SRP sign-in.
    pub fn srp(&self, username: &str, password: &str) -> Answer {
        let proof = Proof::default();
        let begun = self.begin(username, &proof);
        if begun.status != 200 {
            return begun;
        }
        let responses = proof.responses(&begun.ok()["ChallengeParameters"], password, &self.timestamp(0));
        self.respond("PASSWORD_VERIFIER", None, responses)
    }

    /// A whole sign-in with the password on the wire.
    pub fn plain(&self, username: &str, password: &str) -> Answer {
        self.call(
            "InitiateAuth",
            json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_PASSWORD_AUTH",
                    "AuthParameters": { "USERNAME": username, "PASSWORD": password } }),
        )
    }

    pub fn respond(&self, challenge: &str, session: Option<&str>, responses: Value) -> Answer {
        let mut body = json!({ "ClientId": CLIENT_ID, "ChallengeName": challenge, "ChallengeResponses": responses });
        if let Some(session) = session {
            body["Session"] = session.into();
        }
        self.call("RespondToAuthChallenge", body)
    }

    /// The tokens of ada, or of another user with the usual password.
    #[track_caller]
    pub fn tokens(&self, username: &str) -> Tokens {
        Tokens::of(&self.plain(username, PASSWORD).ok())
    }

    pub fn get_user(&self, access: &str) -> Answer {
        self.call("GetUser", json!({ "AccessToken": access }))
    }

    /// GetTokensFromRefreshToken.
    pub fn renew(&self, refresh: &str) -> Answer {
        self.call("GetTokensFromRefreshToken", json!({ "ClientId": CLIENT_ID, "RefreshToken": refresh }))
    }
}

pub struct Tokens {
    pub id: String,
    pub access: String,
    pub refresh: Option<String>,
}

impl Tokens {
    #[track_caller]
    pub fn of(answer: &Value) -> Self {
        let result = &answer["AuthenticationResult"];
        assert_eq!(result["TokenType"], "Bearer", "{answer}");
        let text = |name: &str| result[name].as_str().map(str::to_owned);
        Self { id: text("IdToken").unwrap(), access: text("AccessToken").unwrap(), refresh: text("RefreshToken") }
    }

    pub fn refresh(&self) -> &str {
        self.refresh.as_deref().unwrap()
    }
}

/// Epoch seconds as the wire writes them.
pub fn epoch(seconds: i64) -> Value {
    serde_json::from_str(&format!("{seconds}.0")).unwrap()
}

/// Header and claims of a token, unchecked.
pub fn opened(token: &str) -> (Value, Value) {
    let part = |index: usize| {
        let segment = token.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
    };
    (part(0), part(1))
}

/// N, read from the vectors and not from the pool.
pub fn modulus() -> BigUint {
    BigUint::parse_bytes(vectors()["group"]["N"].as_str().unwrap().as_bytes(), 16).unwrap()
}

pub fn vectors() -> &'static Value {
    static VECTORS: OnceLock<Value> = OnceLock::new();
    VECTORS.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/generated.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    })
}

/// The client's side of one exchange.
pub struct Proof {
    a: BigUint,
}

impl Default for Proof {
    fn default() -> Self {
        Self { a: BigUint::from_bytes_be(&Sha256::digest(b"a secret of the tests")) }
    }
}

impl Proof {
    pub fn public(&self) -> String {
        BigUint::from(2_u8).modpow(&self.a, &modulus()).to_str_radix(16)
    }

    /// ChallengeResponses of PASSWORD_VERIFIER.
    pub fn responses(&self, parameters: &Value, password: &str, timestamp: &str) -> Value {
        let user = parameters["USER_ID_FOR_SRP"].as_str().unwrap();
        let mut responses = self.responses_as(&format!("DemoPool1{user}"), parameters, password, timestamp);
        responses["USERNAME"] = user.into();
        responses
    }

    /// The same for whom this identity names, without USERNAME.
    pub fn responses_as(&self, identity: &str, parameters: &Value, password: &str, timestamp: &str) -> Value {
        let text = |name: &str| parameters[name].as_str().unwrap();
        let number = |name: &str| BigUint::parse_bytes(text(name).as_bytes(), 16).unwrap();
        let (n, g) = (modulus(), BigUint::from(2_u8));
        let (salt, b) = (number("SALT"), number("SRP_B"));
        let a_public = g.modpow(&self.a, &n);

        let k = hash(&[signed(&n), vec![2]]);
        let u = hash(&[signed(&a_public), signed(&b)]);
        let inner = Sha256::digest(format!("{identity}:{password}")).to_vec();
        let x = hash(&[signed(&salt), inner]);
        let base = (b + &n - k * g.modpow(&x, &n) % &n) % &n;
        let s = base.modpow(&(&self.a + &u * &x), &n);

        let prk = mac(&signed(&u), &[&signed(&s)]);
        let key = mac(&prk, &[b"Caldera Derived Key", &[1]]);
        let block = text("SECRET_BLOCK");
        let signature = mac(&key[..16], &[identity.as_bytes(), &STANDARD.decode(block).unwrap(), timestamp.as_bytes()]);
        json!({
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature),
            "TIMESTAMP": timestamp,
        })
    }
}

/// Base64 of Salt and PasswordVerifier for an identity and a secret, as ConfirmDevice takes them.
pub fn verifier(identity: &str, secret: &str) -> Value {
    let salt = BigUint::from_bytes_be(&[0xe0; 16]);
    let inner = Sha256::digest(format!("{identity}:{secret}")).to_vec();
    let x = hash(&[signed(&salt), inner]);
    let v = BigUint::from(2_u8).modpow(&x, &modulus());
    json!({ "Salt": STANDARD.encode(signed(&salt)), "PasswordVerifier": STANDARD.encode(signed(&v)) })
}

/// The Session of an answer.
#[track_caller]
pub fn session(answer: &Value) -> String {
    answer["Session"].as_str().unwrap_or_else(|| panic!("no Session in {answer}")).to_owned()
}

/// A code that is not this one.
pub fn other_than(code: &str) -> String {
    code.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect()
}

/// The integer as signed big-endian bytes, by num-bigint's own two's complement.
fn signed(number: &BigUint) -> Vec<u8> {
    BigInt::from(number.clone()).to_signed_bytes_be()
}

fn hash(parts: &[Vec<u8>]) -> BigUint {
    BigUint::from_bytes_be(&Sha256::digest(parts.concat()))
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}
