//! The hosted side: sign-in pages without scripts, and the OAuth endpoints; which path goes where, and what all of them share.
//!
//! The domain is the pool's own URL; a client finds the endpoints in the discovery document, or under that URL by their usual paths.
//! `authorize` reads what a client asks for and sends the browser to `login` or to a provider of `outside`; both end with a code of
//! `codes`, which `exchange` turns into tokens. `visitors` knows the browsers that are signed in, `pages` writes the HTML.

mod authorize;
mod call;
mod codes;
mod exchange;
mod login;
mod logout;
pub mod outside;
mod pages;
pub mod scope;
mod user_info;
mod visitors;

use axum::{
    body::Body,
    extract::State,
    http::{Method, Request, Response},
};
use std::sync::Arc;

use self::call::{Call, Told};
use crate::{
    cors::{self, Rules},
    faults::Kind,
    pool::Pool,
    shared::{Gate, Shared, answer, cut, gateway_page, read},
};

/// Every path of the hosted side.
pub const PATHS: [&str; 15] = [
    "/oauth2/authorize",
    "/oauth2/idpresponse",
    "/oauth2/token",
    "/oauth2/revoke",
    "/oauth2/userInfo",
    "/login",
    "/newPassword",
    "/signup",
    "/confirm",
    "/resendcode",
    "/forgotPassword",
    "/confirmForgotPassword",
    "/logout",
    "/idp/Agreeing/authorize",
    "/idp/Refusing/authorize",
];

/// What the hosted side remembers.
#[derive(Debug, Default)]
pub struct Hosted {
    codes: codes::Codes,
    visitors: visitors::Visitors,
    visits: outside::Visits,
}

/// Answers a request to one of [`PATHS`].
pub async fn handle(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let rules = rules(head.uri.path());
    if let Some(rules) = rules.filter(|_| head.method == Method::OPTIONS) {
        return rules.preflight(&head.headers);
    }
    let body = read(body).await.unwrap_or_default();
    let mut call = Call::new(&head, &body);
    let noted = call.noted().to_string();
    let (number, told, lost) = match shared.gate(&call.path, &head.headers, noted.as_bytes()).await {
        Gate::Pass { number, cut } => (number, route(&mut shared.pool(), &mut call), cut),
        Gate::Stop { number, kind, .. } => {
            let response = match kind {
                Kind::Status500 => answer(500, "text/plain", ""),
                Kind::Throttle => answer(429, "text/plain", ""),
                Kind::NonJson => gateway_page(),
                Kind::Delay | Kind::Hang | Kind::DropBefore | Kind::DropAfter | Kind::Refuse => return cut(),
            };
            (number, Told { response, error: None }, false)
        }
    };
    if lost {
        return cut();
    }
    let mut response = told.response;
    shared.pool().journal.answered(number, response.status().as_u16(), told.error.as_deref());
    if rules.is_some() {
        cors::permit(response.headers_mut(), None);
    }
    response
}

/// Who may call a path from a page; none where only the browser itself may go.
fn rules(path: &str) -> Option<Rules> {
    match path {
        "/oauth2/token" | "/oauth2/revoke" => Some(cors::TOKENS),
        "/oauth2/userInfo" => Some(cors::USER_INFO),
        _ => None,
    }
}

fn route(pool: &mut Pool, call: &mut Call) -> Told {
    match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/oauth2/token") => return pool.token(call),
        ("POST", "/oauth2/revoke") => return pool.revoke(call),
        ("GET", "/oauth2/userInfo") => return pool.user_info(call),
        (_, path) if rules(path).is_some() => return Told::error(405, "invalid_request", "Method not allowed."),
        _ => {}
    }
    let greeting = call.greet(&mut pool.random);
    let told = match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/oauth2/authorize") => pool.authorize(call),
        ("GET", "/oauth2/idpresponse") => pool.come_back(call),
        ("GET", "/logout") => pool.logout(call),
        ("GET" | "POST", path) => match path.strip_prefix("/idp/").and_then(|path| path.strip_suffix("/authorize")) {
            Some(provider) => pool.play(provider, call),
            None => pool.visit(call),
        },
        _ => Told::fault(405, "invalid_request", "Method not allowed."),
    };
    match greeting {
        Some(cookie) => told.set("set-cookie", &cookie),
        None => told,
    }
}
