//! Requests and their replies: what is sent again and when, what the replies teach of the clock, and whose signature
//! the tokens in them bear.

use super::{Client, GivenUp, Task, with};
use crate::error::{Code, Error};
use crate::host::Host;
use crate::protocol::refusal::refusal;
use crate::protocol::{Millis, Repeat, Reply, Request};
use crate::session::keys::{Signed, key};
use crate::session::{Session, refused};
use crate::text::Text;
use alloc::boxed::Box;

/// How often a request is sent at most.
const ATTEMPTS: u32 = 3;
/// The first pause between attempts in milliseconds; each next one is twice as long, and up to as much again by chance.
const PAUSE: u32 = 100;

impl<H: Host> Client<H> {
    /// One request, and what it came to.
    pub(super) fn ask<'a, T: 'a>(
        &'a self,
        request: Result<Box<Request>, Error>,
        read: fn(Result<Box<Reply>, Error>) -> Result<T, Error>,
    ) -> Task<'a, T> {
        Task::new(async move {
            match request {
                Ok(request) => read(self.attempt(request, &never).await),
                Err(error) => read(Err(error)),
            }
        })
    }

    /// Sends until there is a reply that means something, or the attempts are used up or given up.
    pub(super) fn attempt<'a>(&'a self, request: Box<Request>, given_up: GivenUp<'a>) -> Task<'a, Box<Reply>> {
        Task::new(async move {
            let mut pause = PAUSE;
            while !given_up() {
                let sent = self.host.now();
                let result = self.host.send(&request).await;
                if let Ok(Some(date)) = result.as_ref().map(|reply| reply.date) {
                    self.learn_clock(sent, date, self.host.now());
                }
                if given_up() {
                    break;
                }
                if pause == PAUSE << (ATTEMPTS - 1) || !worth_repeating(request.repeat, &result) {
                    return result;
                }
                self.host.pause(pause + pause * u32::from(self.chance()?) / 256).await;
                pause *= 2;
            }
            Err(Error::new(Code::Aborted, "The call was given up."))
        })
    }

    /// Whether both tokens are signed by the pool: its published keys are got once, and once more for a key that is not
    /// among them.
    pub(super) fn prove<'a>(&'a self, session: &'a Session) -> Task<'a, ()> {
        Task::new(async move {
            for token in [session.id_token(), session.access_token()] {
                let token = Signed::read(token)?;
                let mut found = self.key(&token.kid);
                if found.is_none() {
                    let reply = self.attempt(self.config.pool.keys(), &never).await?;
                    if reply.status != 200 {
                        return Err(refusal(&reply));
                    }
                    self.keys.set(reply.body);
                    found = self.key(&token.kid);
                }
                let key = found.ok_or_else(|| refused("kid"))?;
                if !self.host.verify(&key, token.text, token.signature).await {
                    return Err(refused("its signature"));
                }
            }
            Ok(())
        })
    }

    fn key(&self, kid: &str) -> Option<Text> {
        with(&self.keys, |keys| key(keys.expose(), kid))
    }

    /// The service wrote `date`, cut to the second, between `sent` and `received`: the offset that fits best is the one
    /// nearest to the last.
    fn learn_clock(&self, sent: Millis, date: Millis, received: Millis) {
        let (least, most) = (date - received, date + 999 - sent);
        if least <= most {
            self.set_offset(self.offset.get().max(least).min(most));
        }
    }

    /// The clock is off by so much. If that is more than was known, it may have been set back in the meantime, and what
    /// the user has done since was noted too early.
    pub(super) fn set_offset(&self, offset: Millis) {
        let more = (offset - self.offset.replace(offset)).max(0);
        let last = &self.activity.last;
        last.set(last.get() + more);
    }

    /// The service's time.
    pub(super) fn now(&self) -> Millis {
        self.host.now() + self.offset.get()
    }

    /// A number by chance.
    pub(super) fn chance(&self) -> Result<u8, Error> {
        let mut chance = [0];
        self.host.entropy(&mut chance)?;
        let [chance] = chance;
        Ok(chance)
    }
}

/// Throttling is always worth another attempt; a lost reply or a fault of the service where repeating does no harm.
fn worth_repeating(repeat: Repeat, result: &Result<Box<Reply>, Error>) -> bool {
    let code = match result {
        Ok(reply) if reply.status == 200 => return false,
        Ok(reply) => refusal(reply).code,
        Err(error) => error.code,
    };
    match code {
        Code::TooManyRequests => true,
        Code::Network | Code::Timeout | Code::InternalError => repeat == Repeat::Safe,
        _ => false,
    }
}

pub(super) fn never() -> bool {
    false
}
