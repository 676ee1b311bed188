//! The server: its routes, and the accept loop that can cut a connection.

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, Response},
    middleware::{self, Next},
    routing::any,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{fmt, sync::Arc};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tower::ServiceExt;

use crate::{
    api, control, hosted,
    pool::POOL_ID,
    published,
    shared::{Cut, Shared},
    wire,
};

/// Every route of the server.
pub fn routes(shared: Arc<Shared>) -> Router {
    let hosted = hosted::PATHS.iter().fold(Router::new(), |router, path| router.route(path, any(hosted::handle)));
    hosted
        .route("/", any(wire::handle))
        .route(&format!("/{POOL_ID}/.well-known/jwks.json"), any(published::keys))
        .route(&format!("/{POOL_ID}/.well-known/openid-configuration"), any(published::discovery))
        .route("/api/{*path}", any(api::handle))
        .route("/_pool/{*path}", any(control::handle))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), dated))
        .with_state(shared)
}

async fn dated(State(shared): State<Arc<Shared>>, request: Request<Body>, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    shared.date(response.headers_mut());
    response
}

/// Accepts connections until told to stop; open ones end with it, held requests included.
pub async fn accept(listener: TcpListener, routes: Router, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => {
                // An error concerns that one connection, for instance one reset before it was accepted.
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(stream, routes.clone()));
                }
            }
        }
    }
}

/// One request per connection: a browser repeats a request by itself if a connection that it had used before is cut, and would hide
/// the fault that a test asked for.
async fn serve(stream: TcpStream, routes: Router) {
    let service = service_fn(move |request: Request<Incoming>| {
        let routes = routes.clone();
        async move {
            let Ok(response) = routes.oneshot(request.map(Body::new)).await;
            match response.extensions().get::<Cut>() {
                Some(_) => Err(CutOff),
                None => Ok(response),
            }
        }
    });
    // The error is our own cut, or a client that went away.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .keep_alive(false)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for CutOff {}
