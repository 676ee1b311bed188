//! Browser sign-in for Amazon Cognito.

pub mod error;
pub mod secret;
pub mod srp;
