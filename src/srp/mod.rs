//! One proof that a password is known: [`KeyPair::new`] gives A, and [`KeyPair::prove`] takes the reply and gives the signature.
//!
//! SRP-6a as Cognito has it: the flow `USER_SRP_AUTH`, whose challenge is `PASSWORD_VERIFIER`. The service proves nothing in return.

pub mod digits;
pub mod formulas;
pub mod group;
pub mod lanes;
pub mod modpow;
pub mod montgomery;
mod timestamp;

use crate::text::Text;
use alloc::boxed::Box;
pub use timestamp::timestamp;

use crate::encoding;
use crate::error::{Code, Error};
use crate::secret::SecretBytes;
use core::fmt;
pub use modpow::Group;

/// Who signs in, and the password that is to be proven.
pub struct Identity<'a> {
    /// The pool's name: the part of its ID after the first `_`.
    pub pool_name: &'a str,
    /// `USER_ID_FOR_SRP` of the challenge.
    pub user: &'a str,
    /// The password in UTF-8, neither trimmed nor normalised.
    pub password: &'a [u8],
}

/// The parameters of a `PASSWORD_VERIFIER` challenge, as they came.
pub struct Challenge<'a> {
    /// `SALT`: a number in hexadecimal.
    pub salt: &'a str,
    /// `SRP_B`: a number in hexadecimal.
    pub b: &'a str,
    /// `SECRET_BLOCK`: Base64.
    pub secret_block: &'a str,
    /// What [`timestamp()`] says; the answer has to repeat it as `TIMESTAMP`.
    pub timestamp: &'a str,
}

/// A secret a and the public A = g^a mod N. Good for one proof. Behind a pointer, since it is handed on from idle time to the proof.
pub struct KeyPair(Box<Pair>);

struct Pair {
    a: SecretBytes,
    public: SecretBytes,
    group: Group,
}

impl KeyPair {
    /// The pair of `a`: big-endian, of any length, from a generator fit for keys. 32 bytes are enough: RFC 5054, 3.1, asks for
    /// 256 bits, and the strength of the group is about 128.
    ///
    /// # Errors
    /// `InvalidState` if `a` is empty.
    pub fn new(a: SecretBytes, group: Group) -> Result<Self, Error> {
        if a.expose().is_empty() {
            return Err(Error::new(Code::InvalidState, "a is empty"));
        }
        let public = group.power_of_g(a.expose());
        Ok(Self(Box::new(Pair { a, public, group })))
    }

    /// `SRP_A`: A in lower-case hexadecimal without zeros in front, so its length may be odd.
    pub fn public(&self) -> Text {
        encoding::hex(self.0.public.expose())
    }

    /// `PASSWORD_CLAIM_SIGNATURE`: Base64.
    ///
    /// # Errors
    /// `InvalidResponse` if a number is not hexadecimal or has more than 3072 bits, if B mod N or u is 0, or if the secret
    /// block is not Base64.
    pub fn prove(self, identity: &Identity<'_>, challenge: &Challenge<'_>) -> Result<Text, Error> {
        let refuse = |message| Error::new(Code::InvalidResponse, message);
        let salt = encoding::number(challenge.salt).ok_or_else(|| refuse("SALT is not a number"))?;
        let b = encoding::number(challenge.b).ok_or_else(|| refuse("SRP_B is not a number"))?;
        let b = b.expose();
        let block =
            encoding::from_base64(challenge.secret_block).ok_or_else(|| refuse("SECRET_BLOCK is not Base64"))?;
        // A number of 3072 bits is a multiple of N only if it is 0 or N.
        if b.is_empty() || b[..] == group::N {
            return Err(refuse("SRP_B is 0 modulo N"));
        }
        let u = formulas::u(self.0.public.expose(), b);
        if u.expose().iter().all(|&byte| byte == 0) {
            return Err(refuse("u is 0"));
        }

        let Identity { pool_name, user, password } = *identity;
        let x = formulas::x(salt.expose(), &formulas::identity(pool_name, user, password));
        let shared = formulas::shared(&self.0.group, self.0.a.expose(), b, &u, &x);
        let key = formulas::key(shared.expose(), &u);
        let signature = formulas::signature(key.expose(), pool_name, user, block.expose(), challenge.timestamp);
        Ok(encoding::base64(signature.expose()))
    }
}

/// What ConfirmDevice registers of a device's secret: the salt and v = g^x mod N, both with a byte of zero in front where the first
/// bit is set. The identity is that of the device: its group for the pool's name, its key for the user's.
pub fn verifier(group: &Group, identity: &Identity<'_>, salt: &[u8]) -> [SecretBytes; 2] {
    let Identity { pool_name, user, password } = *identity;
    let x = formulas::x(salt, &formulas::identity(pool_name, user, password));
    let v = group.power_of_g(x.expose());
    [salt, v.expose()].map(formulas::padded)
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
