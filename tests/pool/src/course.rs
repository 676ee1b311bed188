//! The course of a sign-in: what is known about it from one Session to the next, and what comes next.

use serde_json::{Map, Value, json};

use crate::{
    clock::span,
    pool::Pool,
    refusal::Refusal,
    sessions::Asked,
    settings::Flow,
    sign_in::{check_status, check_username},
    step_up::{Goal, level},
    users::{Status, User},
};

/// How long a temporary password lives, in seconds.
const TEMPORARY_PASSWORD_SECONDS: i64 = 7 * 86_400;

/// A sign-in under way.
#[derive(Clone, Debug)]
pub struct Course {
    /// The user's name; what was typed, if there is no such user.
    pub username: String,
    /// Whether there is no such user.
    pub decoy: bool,
    /// The name that the next answer must carry.
    pub echo: String,
    /// How it began.
    pub flow: Flow,
    /// The key of the confirmed device that it is made on.
    pub device: Option<String>,
    /// What was proven so far, as `amr` names it.
    pub proven: Vec<String>,
    /// Whether a second factor, or what stands for it, was proven.
    pub second: bool,
    /// How many custom challenges were answered.
    pub round: usize,
    /// What a step-up must reach.
    pub goal: Option<Goal>,
}

impl Course {
    /// One at its beginning.
    pub fn of(username: String, flow: Flow) -> Self {
        Self {
            echo: username.clone(),
            username,
            decoy: false,
            flow,
            device: None,
            proven: Vec::new(),
            second: false,
            round: 0,
            goal: None,
        }
    }

    /// This course with one more thing proven.
    pub fn with(mut self, method: &str) -> Self {
        if !self.has(method) {
            self.proven.push(method.to_owned());
        }
        self
    }

    /// Whether this was proven.
    pub fn has(&self, method: &str) -> bool {
        self.proven.iter().any(|proven| proven == method)
    }
}

/// How far the right password, or the right answer to a challenge, has brought a user.
#[derive(Debug)]
pub enum Passed {
    /// Nothing is left.
    Whole(Course),
    /// A challenge comes next.
    Asked(Value),
}

impl Pool {
    /// Begins a sign-in of whom was typed.
    pub(crate) fn course(&mut self, typed: &str, flow: Flow) -> Result<Course, Refusal> {
        check_username(typed)?;
        let found = self.users.signing_in_as(typed, &self.settings).map(|user| user.username.clone());
        if found.is_none() && !self.hides_users() {
            return Err(Refusal::user_not_found());
        }
        let decoy = found.is_none();
        let username = found.unwrap_or_else(|| typed.to_owned());
        self.attempts.check_lock(&username, self.clock.now())?;
        Ok(Course { decoy, echo: typed.to_owned(), ..Course::of(username, flow) })
    }

    /// The user of a course; none for a decoy, and if the user is gone.
    pub(crate) fn user_of(&self, course: &Course) -> Option<&User> {
        self.users.named(&course.username).filter(|_| !course.decoy)
    }

    /// What follows the first proof: the user's state is told only now.
    pub(crate) fn admit(&mut self, course: Course) -> Result<Passed, Refusal> {
        self.attempts.succeeded(&course.username);
        let user = self.user_of(&course).ok_or_else(Refusal::wrong_credentials)?;
        if !user.enabled {
            return Err(Refusal::not_authorized("User is disabled."));
        }
        check_status(user.status)?;
        if let Some(forced) = self.forced.remove(&course.username) {
            let parameters = forced.parameters.clone();
            return Ok(self.ask(course, Asked::Forced(forced), parameters));
        }
        self.proceed(course)
    }

    /// What comes next: a temporary password is changed, then comes the second factor, then the custom challenges that are left.
    pub(crate) fn proceed(&mut self, course: Course) -> Result<Passed, Refusal> {
        let user = self.user_of(&course).ok_or_else(Refusal::wrong_credentials)?;
        let custom = course.flow == Flow::Custom;
        let rounds_left = custom && course.round < self.settings.custom.rounds.len();
        // Without a password, the challenges are the first factor and nothing comes before them.
        if rounds_left && !course.has("pwd") {
            return self.ask_round(course);
        }
        if user.status == Status::ForceChangePassword {
            if self.clock.now() >= user.password_set_at + span(TEMPORARY_PASSWORD_SECONDS) {
                return Err(Refusal::not_authorized(
                    "Temporary password has expired and must be reset by an administrator.",
                ));
            }
            let parameters = self.new_password_parameters(&course.username);
            return Ok(self.ask(course, Asked::NewPassword, parameters));
        }
        // Custom challenges alone are never followed by a second factor.
        let course = match course.second || custom && !course.has("pwd") {
            true => course,
            false => match self.second_factor(course)? {
                Passed::Whole(course) => course,
                asked @ Passed::Asked(_) => return Ok(asked),
            },
        };
        if rounds_left {
            return self.ask_round(course);
        }
        match &course.goal {
            Some(goal) if level(&course.proven) < goal.level => self.ask_for_more(course),
            _ => Ok(Passed::Whole(course)),
        }
    }

    /// Puts a challenge. The name that it tells is the one that the answer must carry.
    pub(crate) fn ask(&mut self, mut course: Course, asked: Asked, parameters: Map<String, Value>) -> Passed {
        let told = parameters.get("USER_ID_FOR_SRP").or_else(|| parameters.get("USERNAME")).and_then(Value::as_str);
        if let Some(told) = told {
            told.clone_into(&mut course.echo);
        }
        let mut answer = json!({ "ChallengeParameters": parameters });
        let unnamed = matches!(asked, Asked::Choice) && self.settings.choice.unnamed;
        if let Some(answer) = answer.as_object_mut() {
            if !unnamed {
                answer.insert("ChallengeName".to_owned(), json!(asked.name()));
            }
            if asked.is_of_the_choice() && course.flow == Flow::Choice {
                answer.insert("AvailableChallenges".to_owned(), json!(self.offered(&course)));
            }
        }
        answer["Session"] = self.open_session(course, asked);
        Passed::Asked(answer)
    }

    /// A new Session: its text.
    pub(crate) fn open_session(&mut self, course: Course, asked: Asked) -> Value {
        let session = self.random.base64url(600);
        let ends_at = self.clock.now() + span(self.settings.session_seconds);
        self.sessions.ask(session.clone(), course, asked, ends_at);
        json!(session)
    }
}
