//! Exponentiation in the group, in constant time.
//!
//! Exponents and bases are secret, the length of an exponent is not. Every table entry is read at every step.

use super::digits::Digits;
use super::group;
use super::montgomery::Montgomery;
use crate::secret::SecretBytes;
use alloc::boxed::Box;
use alloc::rc::Rc;
use core::hint::black_box;

/// How many bytes of an exponent of g are shifts; the ones in front of them are powers of g^(2¹²⁸).
const SHIFTS: usize = 16;

/// The powers 0 to 15 of a base.
type Table = Box<[Digits; 16]>;

/// The group, ready to raise its elements to a power. To make it costs half a power of g, so that a clone shares it.
#[derive(Clone)]
pub struct Group(Rc<Powers>);

struct Powers {
    field: Box<Montgomery>,
    /// The powers of g^(2¹²⁸), which halve the squarings of a power of g.
    high: Table,
}

impl Default for Group {
    fn default() -> Self {
        let field = Montgomery::new();
        let mut base = field.one().clone();
        base.scale(2.0);
        for _ in 0..8 * SHIFTS {
            field.square(&mut base);
        }
        let high = table(&field, &base);
        Self(Rc::new(Powers { field, high }))
    }
}

impl Group {
    /// g^e mod N, for a big-endian e of any length.
    pub fn power_of_g(&self, e: &[u8]) -> SecretBytes {
        let Powers { field, high } = &*self.0;
        let power = raise_g(field, high, e);
        spell(field, power)
    }

    /// (b - k·g^x)^e mod N, for big-endian numbers of any length; b has 384 bytes at most.
    pub fn shared(&self, b: &[u8], x: &[u8], e: &[u8]) -> SecretBytes {
        let Powers { field, high } = &*self.0;
        let mut verifier = raise_g(field, high, x);
        field.multiply(&mut verifier, &Digits::from_bytes(&group::K));
        let mut base = Digits::from_bytes(b);
        base.subtract(&verifier);
        field.enter(&mut base);
        let table = table(field, &base);
        let power = raise(field, &table, e, &[]);
        spell(field, power)
    }
}

/// What a power stands for.
fn spell(field: &Montgomery, mut power: Digits) -> SecretBytes {
    field.leave(&mut power);
    power.to_bytes(field.modulus())
}

/// g^e: g is 2, so that four bits of an exponent are a factor below 2¹⁶, which `scale` takes.
fn raise_g(field: &Montgomery, high: &Table, e: &[u8]) -> Digits {
    let (above, shifts) = e.split_at(e.len().saturating_sub(SHIFTS));
    raise(field, high, above, shifts)
}

fn table(field: &Montgomery, base: &Digits) -> Table {
    let mut power = field.one().clone();
    let mut table = Box::new([const { Digits::ZERO }; 16]);
    for entry in table.iter_mut() {
        entry.0 = power.0;
        field.multiply(&mut power, base);
    }
    table
}

/// base^e · g^shifts for the base of a table, four bits at a time: windows of five cost more for their tables than they save.
fn raise(field: &Montgomery, table: &Table, e: &[u8], shifts: &[u8]) -> Digits {
    let mut power = field.one().clone();
    let mut entry = Digits::ZERO;
    for at in (0..2 * e.len().max(shifts.len())).rev() {
        for _ in 0..4 {
            field.square(&mut power);
        }
        select(table, nibble(e, at), &mut entry);
        field.multiply(&mut power, &entry);
        power.scale(f64::from(1_u16 << nibble(shifts, at)));
    }
    power
}

/// The four bits of that number, counted from the end of a big-endian number.
fn nibble(number: &[u8], at: usize) -> u8 {
    number.iter().rev().nth(at / 2).map_or(0, |byte| byte >> (4 * (at % 2)) & 15)
}

/// Copies the entry of that number, reading all of them. The compiler must not turn the mask into a jump: hence `black_box`.
fn select(table: &[Digits; 16], number: u8, into: &mut Digits) {
    for (at, entry) in (0_u8..).zip(table) {
        let mask = black_box((u64::from(at ^ number).wrapping_sub(1) >> 63).wrapping_neg());
        for (to, from) in into.0.iter_mut().zip(&entry.0) {
            *to = from.or_else(*to, mask);
        }
    }
}
