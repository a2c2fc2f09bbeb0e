//! The buckets of a histogram: which one takes a value.

/// Bits of a number below its sign and exponent.
const MANTISSA_BITS: u32 = f64::MANTISSA_DIGITS - 1;
/// The finest division of the numbers between two powers of two: into 256 classes.
const FINEST: u32 = 8;
/// The most classes there may be.
const MAX_CLASSES: usize = 4096;

/// Upper bounds: finite, rising, each once. The bucket above them is always there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buckets {
    bounds: Box<[f64]>,
    classes: Option<Classes>,
}

/// Positive numbers by their upper bits, in classes so small that no bound, or only one, is in each: it is looked up
/// which that is, and one comparison decides.
#[derive(Clone, Debug)]
struct Classes {
    /// How many lower bits do not tell classes apart.
    shift: u32,
    /// The class before that of the lowest bound.
    lowest: i64,
    /// For every class from the lowest on the number of bounds below all of its numbers, and the next bound.
    next: Box<[(u32, f64)]>,
}

impl Buckets {
    /// The buckets of these bounds, put in order; those that are not finite are left out.
    pub(crate) fn new(bounds: &[f64]) -> Self {
        let finite = bounds.iter().copied().filter(|bound| bound.is_finite());
        let mut bounds: Vec<f64> = finite.collect();
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        Self {
            classes: (0..=FINEST).find_map(|bits| Classes::new(&bounds, bits)),
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
    /// Classes that are told apart by so many bits below the exponent, if these suffice.
    fn new(bounds: &[f64], bits: u32) -> Option<Self> {
        let shift = MANTISSA_BITS - bits;
        let class = |bound: f64| bound.to_bits() as i64 >> shift;
        let (first, last) = (*bounds.first()?, *bounds.last()?);
        // Bits of negative numbers are in the reverse order.
        let alone = bounds
            .windows(2)
            .all(|pair| class(pair[0]) < class(pair[1]));
        let count = usize::try_from(class(last) - class(first))
            .ok()?
            .checked_add(3)?;
        if first <= 0.0 || !alone || count > MAX_CLASSES {
            return None;
        }
        let lowest = class(first) - 1;
        let next = (lowest..).take(count).map(|class_| {
            let start = bounds.partition_point(|bound| class(*bound) < class_);
            let next = bounds.get(start).copied().unwrap_or(f64::INFINITY);
            (start as u32, next)
        });
        Some(Self {
            shift,
            lowest,
            next: next.collect(),
        })
    }

    #[inline]
    fn find(&self, value: f64) -> usize {
        let class = (value.to_bits() as i64 >> self.shift) - self.lowest;
        // What is below the lowest class, all that is negative too, is in it as far as bounds are concerned.
        let class = (class.max(0) as usize).min(self.next.len() - 1);
        let (start, next) = self.next[class];
        start as usize + usize::from(next < value)
    }
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
        let all: [&[f64]; 10] = [
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
