//! CUSTOM_AUTH: the challenges that the settings put in place of the pool's triggers.

use serde_json::json;

use crate::{
    course::{Course, Passed},
    pool::Pool,
    refusal::Refusal,
    sessions::Asked,
    settings::Flow,
    sign_in::{Texts, take},
    ways::{PasswordFirst, Wrong},
};

impl Pool {
    pub(crate) fn initiate_custom(&mut self, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let offered = given.contains_key("CHALLENGE_NAME");
        let (username, a) = if offered {
            let [username, name, a] = take(given, ["USERNAME", "CHALLENGE_NAME", "SRP_A"], &["DEVICE_KEY"])?;
            if name != "SRP_A" {
                return Err(Refusal::invalid_parameter("CHALLENGE_NAME must be SRP_A."));
            }
            (username, Some(a))
        } else {
            let [username] = take(given, ["USERNAME"], &["DEVICE_KEY"])?;
            (username, None)
        };
        let mut course = self.course(username, Flow::Custom)?;
        course.device = self.known_device(&course, given)?;
        match (self.settings.custom.password, a) {
            (PasswordFirst::IfOffered | PasswordFirst::Required, Some(a)) => self.begin_srp(course, a),
            (PasswordFirst::Required, None) => Err(Refusal::wrong_credentials()),
            (PasswordFirst::Never | PasswordFirst::IfOffered, _) => self.ask_round(course),
        }
    }

    /// The next challenge. Its trigger runs for unknown users too.
    pub(crate) fn ask_round(&mut self, course: Course) -> Result<Passed, Refusal> {
        let script = &self.settings.custom;
        if let Some(failure) = &script.failure {
            return Err(Refusal::new(failure.name.name(), failure.message.clone()));
        }
        let Some(round) = script.rounds.get(course.round) else {
            // A script of no rounds lets in whom the password has proven, and nobody else.
            return Err(Refusal::wrong_credentials());
        };
        let mut told = round.parameters.clone();
        let name = if course.decoy { self.decoy(&course.username).0 } else { course.username.clone() };
        told.insert("USERNAME".to_owned(), json!(name));
        Ok(self.ask(course, Asked::Round, told))
    }

    pub(crate) fn answer_round(&mut self, course: Course, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let [_, answer] = take(given, ["USERNAME", "ANSWER"], &["DEVICE_KEY"])?;
        let round = self.settings.custom.rounds.get(course.round).cloned().ok_or_else(Refusal::wrong_credentials)?;
        // The triggers know that there is no such user, and do not take any answer.
        if course.decoy || round.answer != answer {
            return match round.wrong {
                Wrong::Again => self.ask_round(course),
                Wrong::Fail => Err(Refusal::wrong_credentials()),
            };
        }
        let course = Course { round: course.round + 1, ..course };
        if course.round < self.settings.custom.rounds.len() {
            return self.ask_round(course);
        }
        if course.has("pwd") { self.proceed(course) } else { self.admit(course) }
    }
}
