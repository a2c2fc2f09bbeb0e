//! The buckets of a histogram: which one takes a value.

/// Upper bounds: finite, rising, each once. The bucket above them is always there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buckets {
    bounds: Box<[f64]>,
    /// The exponent of the first positive bound, as it stands in the bits of a number.
    lowest: u64,
    /// For each exponent from the lowest on, how many bounds are below all numbers that have it, up to where all are.
    starts: Box<[u32]>,
}

impl Buckets {
    /// The buckets of these bounds, put in order; those that are not finite are left out.
    pub(crate) fn new(bounds: &[f64]) -> Self {
        let finite = bounds.iter().copied().filter(|bound| bound.is_finite());
        let mut bounds: Vec<f64> = finite.collect();
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        let mut positive = bounds.iter().copied().filter(|bound| *bound > 0.0);
        let lowest = positive.next().map_or(0, exponent);
        let highest = positive.next_back().map_or(lowest, exponent);
        let starts = (lowest..=highest + 1).map(|exponent| {
            // For the lowest class everything positive below counts as being in it.
            let from = match exponent == lowest {
                true => f64::from_bits(1),
                false => f64::from_bits(exponent << MANTISSA_BITS),
            };
            bounds.partition_point(|bound| *bound < from) as u32
        });
        Self {
            lowest,
            starts: starts.collect(),
            bounds: bounds.into(),
        }
    }

    pub(crate) fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// The index of the first bucket whose bound is not below `value`, which is not NaN.
    #[inline]
    pub(crate) fn find(&self, value: f64) -> usize {
        if value <= 0.0 {
            return self.bounds.partition_point(|bound| *bound < value);
        }
        // Numbers of one exponent are a class that holds few bounds: which it holds is looked up, and these are compared.
        let class = exponent(value).saturating_sub(self.lowest) as usize;
        let start = self.starts.get(class).copied();
        let mut bucket = start.map_or(self.bounds.len(), |start| start as usize);
        while let Some(bound) = self.bounds.get(bucket)
            && *bound < value
        {
            bucket += 1;
        }
        bucket
    }
}

const MANTISSA_BITS: u32 = f64::MANTISSA_DIGITS - 1;

/// The exponent of a positive number, biased.
#[inline]
fn exponent(value: f64) -> u64 {
    value.to_bits() >> MANTISSA_BITS
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
    fn every_value_finds_the_bucket_that_a_search_finds() {
        let linear: Vec<f64> = (0..300).map(f64::from).collect();
        let all: [&[f64]; 9] = [
            &[],
            &[0.0],
            &[-1.0],
            &[1.0],
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
