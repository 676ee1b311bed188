//! A Cognito user pool in memory, served over HTTP: as strict as the real one or stricter, for the demo and the tests.
//!
//! `server` routes a request to `wire` (the service's protocol), `hosted` (its pages and OAuth endpoints), `api` (a sample API), `published`
//! (keys) or `control` (what tests do).
//! `wire` hands a body to `pool`, whose operations are in `sign_in`, `refresh`, `account`, `profile`, `factors`, `mfa_setup`, `passkeys`,
//! `devices`, `tracking`, `feedback`, `sign_up` and `recover`, or to the identity pool in `identity`; they work on what `users`, `codes`,
//! `sessions`, `tokens`, `attempts` hold. A sign-in is a `course` through `srp_sign_in`, `choice`, `passkey_sign_in`, `custom`,
//! `new_password`, `mfa` and `step_up`, as `ways` sets them. All time is `clock`'s, all randomness `random`'s.

mod account;
mod api;
mod attempts;
mod attributes;
mod choice;
mod client;
mod clock;
mod codes;
mod control;
mod control_mfa;
mod cors;
mod course;
mod custom;
mod decoy;
mod devices;
mod factors;
mod faults;
mod feedback;
mod form;
mod hosted;
mod identity;
mod journal;
mod keys;
mod mfa;
mod mfa_setup;
mod new_password;
mod passkey_sign_in;
mod passkeys;
mod policy;
mod pool;
mod profile;
mod published;
mod random;
mod recover;
mod refresh;
mod refusal;
mod relying_party;
mod salts;
mod seeds;
mod server;
mod sessions;
mod settings;
mod shapes;
mod shared;
mod sign_in;
mod sign_up;
mod srp;
mod srp_sign_in;
mod step_up;
mod tokens;
mod totp;
mod tracking;
mod users;
mod ways;
mod wire;

use axum::Router;
use std::{io, net::SocketAddr};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use clock::Clock;
pub use identity::IDENTITY_POOL_ID;
pub use keys::Keys;
pub use pool::{Beginning, CLIENT_ID, POOL_ID};
pub use settings::Settings;

/// A server that runs.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Ends the server and every open connection.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // An error would mean that the task had ended before.
        let _ = self.task.await;
    }
}

/// Serves a pool on a listener, whose address `beginning.url` names.
///
/// # Errors
/// If the listener has no address.
pub fn serve(listener: TcpListener, beginning: Beginning) -> io::Result<Serving> {
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(server::accept(listener, router(beginning), stopped));
    Ok(Serving { address, stop, task })
}

/// The pool's routes without a socket, for calls within the process.
pub fn router(beginning: Beginning) -> Router {
    server::routes(shared::Shared::new(beginning))
}
