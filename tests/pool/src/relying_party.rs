//! The relying party of passkeys: its ID, the origins that may use it, and what it wants to know of who uses an authenticator.

use webauthn_rp::{
    request::{AsciiDomain, RpId, UserVerificationRequirement},
    response::Origin,
};

use crate::{
    refusal::Refusal,
    settings::{Passkeys, UserVerification},
};

/// An origin that may use the relying party's ID.
#[derive(Debug)]
pub enum Allowed<'a> {
    /// This one.
    Exactly(&'a str),
    /// Every secure one on this host, or on a host below it.
    On(&'a str),
}

impl PartialEq<Origin<'_>> for Allowed<'_> {
    fn eq(&self, origin: &Origin<'_>) -> bool {
        let origin = origin.0.as_ref();
        match self {
            Self::Exactly(allowed) => *allowed == origin,
            Self::On(host) => {
                let Some((scheme, authority)) = origin.split_once("://") else {
                    return false;
                };
                let name = authority.split(':').next().unwrap_or_default();
                let below = || name.strip_suffix(host).is_some_and(|rest| rest.ends_with('.'));
                // Browsers take http on this machine for secure.
                (scheme == "https" || scheme == "http" && *host == "localhost") && (name == *host || below())
            }
        }
    }
}

impl Passkeys {
    /// Refuses where passkeys are off.
    pub fn check_enabled(&self) -> Result<(), Refusal> {
        if self.enabled {
            Ok(())
        } else {
            Err(Refusal::new("WebAuthnNotEnabledException", "Passkeys are not enabled for the user pool."))
        }
    }

    /// The relying party's ID.
    pub fn rp_id(&self) -> Option<RpId> {
        AsciiDomain::try_from(self.relying_party_id.clone()?).ok().map(RpId::Domain)
    }

    /// The origins that may use it.
    pub fn allowed(&self) -> Vec<Allowed<'_>> {
        match &self.relying_party_id {
            Some(host) if self.origins.is_empty() => vec![Allowed::On(host)],
            _ => self.origins.iter().map(|origin| Allowed::Exactly(origin)).collect(),
        }
    }
}

impl UserVerification {
    /// The same for the library.
    pub fn requirement(self) -> UserVerificationRequirement {
        match self {
            Self::Preferred => UserVerificationRequirement::Preferred,
            Self::Required => UserVerificationRequirement::Required,
        }
    }
}
