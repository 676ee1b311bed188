//! Browser sign-in for Amazon Cognito: the map of this crate.
//!
//! Five layers, each of which imports only from those before it; `tests/layers.rs` keeps the table.
//!
//! | layer | modules | what it may do |
//! |---|---|---|
//! | think | [`error`], [`text`], [`secret`], [`encoding`], [`srp`], [`protocol`], [`session`], [`flow`] | compute: no waiting, clock, randomness or platform |
//! | run | [`host`], [`client`] | wait, on whatever host it is given |
//! | touch | `browser` | be that host in a browser; decides nothing |
//! | speak | `wasm` | convert to and from JavaScript; decides nothing |
//! | show | the npm package, `pkg-template/` | what an app sees |

#![no_std]

extern crate alloc;
#[cfg(not(feature = "module"))]
extern crate std; // its panic handler, which the shipped module replaces by a bare trap

#[cfg(feature = "module")]
mod browser;
pub mod client;
pub mod encoding;
pub mod error;
pub mod flow;
pub mod host;
pub mod protocol;
pub mod secret;
pub mod session;
pub mod srp;
pub mod text;
#[cfg(feature = "module")]
mod wasm;
