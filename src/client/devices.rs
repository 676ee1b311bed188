//! The device that the user signs in on: confirmed after a sign-in, remembered for the next one.

use super::Client;
use super::exchange::never;
use crate::error::{Code, Error};
use crate::flow::Change;
use crate::flow::device::{CHANCE, Device};
use crate::host::{Event, Host};
use crate::protocol::json::Json;
use crate::protocol::user_pool::{NewDevice, read_object};
use crate::secret::SecretText;
use alloc::boxed::Box;

impl<H: Host> Client<H> {
    /// Confirms the device that a sign-in has shown, or forgets the one that it was refused for. The sign-in stands whatever
    /// becomes of this.
    pub(super) async fn learn_device(&self, change: Option<Box<Change>>) {
        let Some(change) = change else { return };
        let Change { username, device } = *change;
        let Some(device) = device else { return self.forget_device(&username).await };
        if let Err(error) = self.confirm_device(&username, device).await {
            self.tell_device(Event::DeviceFailed(error.code));
        }
    }

    /// Unless the user has signed out meanwhile.
    fn tell_device(&self, event: Event) {
        if self.session().is_some() {
            self.tell(event);
        }
    }

    async fn confirm_device(&self, username: &str, names: NewDevice) -> Result<(), Error> {
        let mut chance = [0; CHANCE];
        self.host.entropy(&mut chance)?;
        let (device, [salt, verifier]) = Device::new(names, &chance, self.group());
        // Before it is confirmed: if the reply is lost, the next sign-in finds out whether the pool knows it.
        self.host.keep_device(username, &device.write()).await;
        let session = self.current()?;
        let request = self.config.pool.confirm_device(session.access_token(), &device.key, &salt, &verifier);
        let reply = match read_object(&*self.attempt(request, &never).await?) {
            // The reply to the first attempt got lost.
            Err(error) if error.code == Code::DeviceKeyExists => return Ok(()),
            reply => reply?,
        };
        let asks = Json::parse(reply.expose()).and_then(|reply| reply.member("UserConfirmationNecessary"));
        if asks.is_some_and(|asks| asks.as_written() == "true") {
            self.tell_device(Event::RememberDevice);
        }
        Ok(())
    }

    /// Forgets the device of this user, or with this key.
    pub(super) async fn forget_device(&self, owner: &str) {
        self.host.keep_device(owner, &SecretText::default()).await;
    }
}
