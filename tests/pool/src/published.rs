//! What the pool publishes about itself: its keys and its discovery document.

use axum::{
    body::Body,
    extract::State,
    http::{Method, Request, Response},
};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::{
    cors,
    faults::Kind,
    pool::Pool,
    shared::{Gate, Shared, answer, cut, gateway_page},
};

/// Answers a request for the key set.
pub async fn keys(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    publish(&shared, request, |pool| pool.keys.published()).await
}

/// Answers a request for the discovery document.
pub async fn discovery(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    publish(&shared, request, |pool| {
        json!({
            "issuer": pool.issuer,
            "jwks_uri": format!("{}/.well-known/jwks.json", pool.issuer),
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "token"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "authorization_endpoint": format!("{}/oauth2/authorize", pool.url),
            "token_endpoint": format!("{}/oauth2/token", pool.url),
            "userinfo_endpoint": format!("{}/oauth2/userInfo", pool.url),
            "revocation_endpoint": format!("{}/oauth2/revoke", pool.url),
            "end_session_endpoint": format!("{}/logout", pool.url),
            "subject_types_supported": ["public"],
        })
    })
    .await
}

async fn publish(shared: &Shared, request: Request<Body>, document: fn(&Pool) -> Value) -> Response<Body> {
    if request.method() == Method::OPTIONS {
        return cors::PUBLISHED.preflight(request.headers());
    }
    let (number, mut response, lost) = match shared.gate("jwks", request.headers(), &[]).await {
        Gate::Pass { number, cut } => {
            let document = document(&shared.pool()).to_string();
            (number, answer(200, "application/json", document), cut)
        }
        Gate::Stop { number, kind, .. } => {
            let response = match kind {
                Kind::Status500 => answer(500, "text/plain", ""),
                Kind::Throttle => answer(429, "text/plain", ""),
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
