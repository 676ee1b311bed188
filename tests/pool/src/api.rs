//! The sample API behind an authorizer like API Gateway's: it checks tokens offline, so it does not see that one was revoked.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, Request, Response, header},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

use crate::{
    cors,
    faults::Kind,
    keys::Use,
    pool::{CLIENT_ID, Pool},
    shared::{Gate, Shared, answer, cut, gateway_page, read},
};

/// Answers a request to `/api/…`.
pub async fn handle(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    if head.method == Method::OPTIONS {
        return cors::API.preflight(&head.headers);
    }
    let body = read(body).await.unwrap_or_default();
    let gate = shared.gate("api", &head.headers, &body).await;
    let (number, mut response, lost) = match gate {
        Gate::Pass { number, cut } => {
            let claims = authorized(&shared.pool(), &head.headers);
            let response = match claims {
                Some(claims) => route(&head.method, head.uri.path(), &head.headers, &body, &claims),
                None => unauthorized(),
            };
            (number, response, cut)
        }
        Gate::Stop { number, kind, .. } => {
            let response = match kind {
                Kind::Status500 => message(500, "Internal Server Error"),
                Kind::Throttle => message(429, "Too Many Requests"),
                Kind::NonJson => gateway_page(),
                Kind::Delay | Kind::Hang | Kind::DropBefore | Kind::DropAfter | Kind::Refuse => return cut(),
            };
            (number, response, false)
        }
    };
    if lost {
        return cut();
    }
    let status = response.status().as_u16();
    shared.pool().journal.answered(number, status, None);
    cors::permit(response.headers_mut(), None);
    response
}

/// The claims of the token in `Authorization`, with or without the word Bearer before it.
fn authorized(pool: &Pool, headers: &HeaderMap) -> Option<Value> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let token = value.strip_prefix("Bearer ").unwrap_or(value);
    let (usage, claims) = pool.keys.verify(token)?;
    let is = |name: &str, wanted: &str| claims.get(name).and_then(Value::as_str) == Some(wanted);
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let for_us = match usage {
        Use::Id => is("token_use", "id") && is("aud", CLIENT_ID),
        Use::Access => is("token_use", "access") && is("client_id", CLIENT_ID),
    };
    let now = pool.clock.seconds();
    let good = for_us && is("iss", &pool.issuer) && number("exp")? > now && number("iat")? <= now;
    good.then_some(claims)
}

fn route(method: &Method, path: &str, headers: &HeaderMap, body: &[u8], claims: &Value) -> Response<Body> {
    match (method.as_str(), path) {
        ("GET", "/api/me") => json_answer(200, &json!({ "claims": claims })),
        ("POST" | "PUT" | "PATCH" | "DELETE", "/api/echo") => {
            let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let sum: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
            json_answer(
                200,
                &json!({
                    "method": method.as_str(),
                    "contentType": content_type,
                    "bodyLength": body.len(),
                    "bodySha256": sum,
                }),
            )
        }
        _ => message(404, "Not Found"),
    }
}

fn unauthorized() -> Response<Body> {
    let mut response = message(401, "Unauthorized");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn message(status: u16, text: &str) -> Response<Body> {
    json_answer(status, &json!({ "message": text }))
}

fn json_answer(status: u16, value: &Value) -> Response<Body> {
    answer(status, "application/json", value.to_string())
}
