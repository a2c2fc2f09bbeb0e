//! The buckets of a histogram: which one takes a value.

/// How many lower bits of a number do not tell classes apart: there are eight classes from a power of two to the next.
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - 3;
/// 64 powers of two, and what is above and below.
const CLASSES: usize = 8 * 64;
/// What can be counted in a byte.
const MAX_BOUNDS: usize = 255;

/// Upper bounds: finite, rising, each once. The bucket above them is always there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buckets {
    bounds: Box<[f64]>,
    classes: Option<Box<Classes>>,
}

/// Positive numbers by their upper bits, in classes so small that no bound, or only one, is in each: it is looked up
/// which that is, and one comparison decides. No branch depends on the value.
///
/// The sizes are fixed, so that no index needs a check.
#[derive(Clone, Debug)]
struct Classes {
    /// The class before that of the lowest bound.
    lowest: i64,
    /// For every class from the lowest on the number of bounds below all of its numbers.
    starts: [u8; CLASSES],
    /// The bounds, and then infinity.
    bounds: [f64; MAX_BOUNDS + 1],
}

impl Buckets {
    /// The buckets of these bounds, put in order; those that are not finite are left out.
    pub(crate) fn new(bounds: &[f64]) -> Self {
        let finite = bounds.iter().copied().filter(|bound| bound.is_finite());
        let mut bounds: Vec<f64> = finite.collect();
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        Self {
            classes: Classes::new(&bounds).map(Box::new),
            bounds: bounds.into(),
        }
    }

    pub(crate) fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// The index of the first bucket whose bound is not below `value`, which is not NaN.
    #[inline]
    pub(crate) fn find(&self, value: f64) -> usize {
        match &self.classes {
            Some(classes) => classes.find(value),
            None => self.bounds.partition_point(|bound| *bound < value),
        }
    }
}

impl Classes {
    /// None if the bounds are too many, too near to each other or too far apart, or not positive: bits of negative numbers
    /// are in the reverse order.
    fn new(sorted: &[f64]) -> Option<Self> {
        let (first, last) = (*sorted.first()?, *sorted.last()?);
        let alone = sorted
            .windows(2)
            .all(|pair| class(pair[0]) < class(pair[1]));
        let lowest = class(first) - 1;
        let near = class(last) - lowest < CLASSES as i64 - 1;
        if first <= 0.0 || !alone || !near || sorted.len() > MAX_BOUNDS {
            return None;
        }
        let mut bounds = [f64::INFINITY; MAX_BOUNDS + 1];
        bounds[..sorted.len()].copy_from_slice(sorted);
        let below = |number: usize| {
            let from = lowest + number as i64;
            sorted.partition_point(|bound| class(*bound) < from) as u8
        };
        Some(Self {
            lowest,
            starts: std::array::from_fn(below),
            bounds,
        })
    }

    #[inline]
    fn find(&self, value: f64) -> usize {
        // What is below the lowest class, all that is negative too, is in it as far as bounds are concerned, and so it is
        // with the highest.
        let number = (class(value) - self.lowest).clamp(0, CLASSES as i64 - 1);
        let start = usize::from(self.starts[number as usize]);
        start + usize::from(self.bounds[start] < value)
    }
}

/// The class of a positive number; of a negative one something negative.
#[inline]
fn class(value: f64) -> i64 {
    value.to_bits() as i64 >> SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_put_in_order() {
        let buckets = Buckets::new(&[2.0, f64::INFINITY, 1.0, f64::NAN, 2.0]);
        assert_eq!(buckets.bounds(), [1.0, 2.0]);
    }

    #[test]
    fn usual_bounds_are_looked_up() {
        let usual = [
            0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ];
        assert!(Buckets::new(&usual).classes.is_some());
        assert!(Buckets::new(&[-1.0, 1.0]).classes.is_none());
        assert!(Buckets::new(&[1.0, 1.0001]).classes.is_none());
    }

    #[test]
    fn every_value_finds_the_bucket_that_a_search_finds() {
        let linear: Vec<f64> = (1..300).map(f64::from).collect();
        let many: Vec<f64> = (0..300).map(|n| 1e-9 * 1.13f64.powi(n)).collect();
        let all: [&[f64]; 13] = [
            &many,
            &many[..MAX_BOUNDS],
            &many[..MAX_BOUNDS + 1],
            &[],
            &[0.0],
            &[-1.0],
            &[1.0],
            &[1.0, 1.0001],
            &[
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
            ],
            &[-2.0, -0.5, 0.0, 1e-300, 0.5, 1e300],
            &[5e-324, 1e-310, f64::MIN_POSITIVE, f64::MAX],
            &[f64::MIN, f64::MAX],
            &linear,
        ];
        for bounds in all {
            let buckets = Buckets::new(bounds);
            let near = bounds.iter().flat_map(|b| [b.next_down(), *b, b.next_up()]);
            let others = [
                -0.0,
                0.0,
                5e-324,
                1e-200,
                0.3,
                1.0,
                77.5,
                1e17,
                f64::MAX,
                f64::MIN,
                f64::INFINITY,
                f64::NEG_INFINITY,
            ];
            for value in near.chain(others) {
                let expected = bounds.iter().filter(|bound| **bound < value).count();
                assert_eq!(buckets.find(value), expected, "{value} in {bounds:?}");
            }
        }
    }
}
