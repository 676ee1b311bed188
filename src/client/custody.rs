//! Who holds the session: taken over, kept for the next visit, followed when another tab changes it, and forgotten.

use super::exchange::never;
use super::{Client, Task};
use crate::error::{Code, Error};
use crate::flow::{Device, redirect, sign_out};
use crate::host::{Event, Host, News, Reason, Status};
use crate::protocol::hosted::{Grant, exchange};
use crate::protocol::user_pool::Tokens;
use crate::secret::SecretText;
use crate::session::record::{self, Note};
use crate::session::{Freshness, Session};
use crate::text::Text;
use alloc::boxed::Box;

impl<H: Host> Client<H> {
    /// Goes on with the session that is kept. For the start: nothing else has been called yet.
    ///
    /// # Errors
    /// None that matters: a session that cannot be renewed now is stale.
    pub fn restore(&self) -> Task<'_, ()> {
        Task::new(async move {
            let Some(text) = self.host.load().await else { return Ok(()) };
            let Some((session, note)) = self.read(&text) else {
                self.host.clear("").await;
                self.tell(Event::StorageFailed);
                return Ok(());
            };
            self.note(note);
            self.session.set(Some(session));
            let session = self.living().await?;
            let at_once = note.spent || session.freshness(self.now()) != Freshness::Fresh;
            self.commit(session, Event::Restored);
            if at_once {
                self.host.alarm(0);
            }
            Ok(())
        })
    }

    /// Another engine has changed what is kept; `subject` is who has signed out there.
    ///
    /// # Errors
    /// None.
    pub fn changed(&self, subject: Text) -> Task<'_, ()> {
        Task::new(async move {
            let concerned = |session: Session| subject.is_empty() || session.subject() == &*subject;
            if !self.look().await && self.session().is_some_and(concerned) {
                self.forget(Reason::Elsewhere);
            }
            Ok(())
        })
    }

    /// Signs in with the code that the hosted page gave.
    ///
    /// # Errors
    /// `NotAuthorized` for a code that is spent or not ours;
    /// `InvalidToken`, naming the claim; what proving the tokens raises.
    pub fn exchange(&self, mut grant: Grant) -> Task<'_, ()> {
        let generation = self.generation.get();
        Task::new(async move {
            let nonce = core::mem::take(&mut grant.nonce);
            let result = self.attempt(exchange(grant), &never).await;
            self.admit(redirect::receive(&self.config.pool, &nonce, result, self.now())?, generation).await
        })
    }

    /// Takes over a session that another library has kept, with the device of the user whom it calls so; tokens that are over
    /// are renewed at once.
    ///
    /// # Errors
    /// `InvalidToken`; what proving or renewing the tokens raises.
    pub fn import_session(&self, tokens: Tokens, device: Option<(Text, Box<Device>)>) -> Task<'_, ()> {
        let generation = self.generation.get();
        Task::new(async move {
            self.admit(Session::resume(tokens, &self.config.pool, self.now())?, generation).await?;
            if let Some((username, device)) = &device {
                self.host.keep_device(username, &device.write()).await;
            }
            let session = self.current()?;
            if session.freshness(self.now()) == Freshness::Fresh {
                return Ok(());
            }
            self.renew(Ok(session)).await
        })
    }

    /// Forgets the session here, then where it is kept, then revokes its tokens.
    ///
    /// # Errors
    /// Why the tokens may still be good until they expire; the session is forgotten all the same.
    pub fn sign_out(&self) -> Task<'_, ()> {
        for place in &self.questions {
            place.take();
        }
        self.end(Reason::User)
    }

    pub(super) fn end(&self, reason: Reason) -> Task<'_, ()> {
        self.generation.set(self.generation.get().wrapping_add(1));
        let session = self.forget(reason);
        Task::new(async move {
            let Some(session) = session else { return Ok(()) };
            let kept = self.host.load().await.and_then(|text| self.read(&text));
            let is_ours = |kept: &Session| kept.is_of_same_user(&session);
            if kept.as_ref().is_none_or(|(kept, _)| is_ours(kept)) {
                if let Some((_, note)) = &kept {
                    // Whoever looks before it is cleared does not follow it.
                    self.revision.set(note.revision);
                }
                self.host.clear(session.subject()).await;
            }
            // Another engine may have renewed it.
            let renewed = |kept: &Session| kept.refresh_token().expose() != session.refresh_token().expose();
            if let Some((kept, _)) = kept.filter(|(kept, _)| is_ours(kept) && renewed(kept)) {
                let _ = self.revoke(&kept).await;
            }
            self.revoke(&session).await
        })
    }

    pub(super) fn revoke(&self, session: &Session) -> Task<'_, ()> {
        self.ask(Ok(sign_out::request(&self.config.pool, session)), sign_out::receive)
    }

    /// Takes over the session of a sign-in that began in `generation`, once its tokens are proven and it is kept.
    pub(super) fn admit(&self, session: Session, generation: u32) -> Task<'_, ()> {
        Task::new(async move {
            self.prove(&session).await?;
            let now = self.now();
            self.activity.last.set(now);
            self.activity.kept.set(now);
            self.activity.warned.set(false);
            self.spent.set(false);
            self.keep(&session, 0).await?;
            if generation == self.generation.get() {
                self.commit(session, Event::SignedIn);
                return Ok(());
            }
            // Signed out meanwhile: what has just been kept came too late.
            self.host.clear(session.subject()).await;
            let _ = self.revoke(&session).await;
            Err(Error::new(Code::Aborted, "The call was given up."))
        })
    }

    /// Keeps `session` in the place of revision `over`; whether it did.
    pub(super) async fn keep(&self, session: &Session, over: u32) -> Result<bool, Error> {
        let mut chance = [0; 4];
        self.host.entropy(&mut chance)?;
        let revision = u32::from_le_bytes(chance) | 1;
        let note =
            Note { revision, active: self.activity.last.get(), spent: self.spent.get(), offset: self.offset.get() };
        let record = record::write(session, note);
        let kept = self.host.save(&record, revision, over).await;
        if kept {
            self.revision.set(revision);
        }
        Ok(kept)
    }

    /// Looks at what is kept: follows it if it is not the session that is held. Whether anything is kept.
    pub(super) async fn look(&self) -> bool {
        let held = self.session();
        let Some(text) = self.host.load().await else { return false };
        if held.is_some() && self.session().is_none() {
            // Signed out meanwhile: this is about to be cleared.
            return false;
        }
        if let Some((session, note)) = self.read(&text)
            && note.revision != self.revision.get()
        {
            self.note(note);
            match self.session() {
                Some(known) if known.has_tokens_of(&session) => self.set_alarm(),
                Some(known) if known.is_of_same_user(&session) => self.commit(session, Event::Refreshed),
                _ => self.commit(session, Event::SignedIn),
            }
        }
        true
    }

    fn read(&self, record: &SecretText) -> Option<(Session, Note)> {
        record::read(record, &self.config.pool, self.host.now())
    }

    fn note(&self, Note { revision, active, spent, offset }: Note) {
        self.revision.set(revision);
        // It is the same machine's clock, and whoever has written this knew what was written before.
        self.set_offset(offset);
        self.spent.set(spent);
        // What the user has done here need not be kept yet.
        self.activity.kept.set(active);
        if active > self.activity.last.get() {
            self.activity.last.set(active);
            self.activity.warned.set(false);
        }
    }

    pub(super) fn commit(&self, session: Session, event: Event) {
        self.session.set(Some(session));
        self.failures.set(0);
        // Without entropy all engines come at once, which is no harm.
        self.luck.set(self.chance().unwrap_or_default());
        self.tell(event);
        self.set_alarm();
    }

    pub(super) fn forget(&self, reason: Reason) -> Option<Session> {
        self.failures.set(0);
        let session = self.session.take()?;
        self.tell(Event::SignedOut(reason));
        Some(session)
    }

    pub(super) fn tell(&self, event: Event) {
        let session = self.session();
        let status = match &session {
            None => Status::SignedOut,
            Some(_) if self.failures.get() > 0 => Status::Stale,
            Some(_) => Status::SignedIn,
        };
        self.host.tell(News { status, user: session.as_ref().map(Session::user), event });
    }

    pub(super) fn session(&self) -> Option<Session> {
        super::with(&self.session, |session| session.clone())
    }

    pub(super) fn current(&self) -> Result<Session, Error> {
        self.session().ok_or_else(nobody)
    }
}

fn nobody() -> Error {
    Error::new(Code::NotSignedIn, "Nobody is signed in.")
}
