//! Where panels stand: from left to right on 24 columns, line by line.

use super::model::GridPos;

/// The columns of the grid.
const COLUMNS: u32 = 24;
/// Below this width a panel is hard to read: then the panels of a row wrap instead of sharing it.
const LEAST_SHARE: u32 = 6;
/// The width of a panel that wraps.
const WRAPPED: u32 = 8;
/// The height of a panel unless it says otherwise.
const HEIGHT: u32 = 8;

/// The size that a panel asks for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wish {
    /// Columns.
    pub(super) width: Option<u32>,
    /// Rows.
    pub(super) height: Option<u32>,
}

/// Places the panels of a row from the line `y` on; also says which line is free after them.
pub(super) fn place(wishes: &[Wish], mut y: u32) -> (Vec<GridPos>, u32) {
    let widths = widths(wishes);
    let mut places: Vec<GridPos> = Vec::with_capacity(wishes.len());
    let mut rest = wishes;
    while !rest.is_empty() {
        let widths = &widths[places.len()..];
        let line = &rest[..fitting(widths)];
        let h = line
            .iter()
            .map(|wish| wish.height.unwrap_or(HEIGHT).max(1))
            .max()
            .unwrap_or(HEIGHT);
        let mut x = 0;
        for &w in &widths[..line.len()] {
            places.push(GridPos { h, w, x, y });
            x += w;
        }
        y += h;
        rest = &rest[line.len()..];
    }
    (places, y)
}

/// What the panels without a width get: what is left over, shared, if that is enough for all of them.
fn widths(wishes: &[Wish]) -> Vec<u32> {
    let given = |wish: &Wish| wish.width.map(|width| width.clamp(1, COLUMNS));
    let taken = wishes.iter().filter_map(given).fold(0, u32::saturating_add);
    let left = COLUMNS.saturating_sub(taken);
    let sharing = wishes.iter().filter(|wish| wish.width.is_none()).count() as u32;
    let share = left.checked_div(sharing).unwrap_or(0);
    // What does not divide goes to the first of them, a column each.
    let mut more = match share >= LEAST_SHARE {
        true => left % sharing,
        false => 0,
    };
    wishes
        .iter()
        .map(|wish| match given(wish) {
            Some(width) => width,
            None if share < LEAST_SHARE => WRAPPED,
            None => {
                let extra = more.min(1);
                more -= extra;
                share + extra
            }
        })
        .collect()
}

/// How many of the next panels fit into a line: at least one.
fn fitting(widths: &[u32]) -> usize {
    let mut end = 0;
    let fits = |width: &&u32| {
        end += **width;
        end <= COLUMNS
    };
    widths.iter().take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(widths: &[Option<u32>]) -> Vec<(u32, u32, u32)> {
        let wishes: Vec<_> = widths
            .iter()
            .map(|&width| Wish {
                width,
                height: None,
            })
            .collect();
        let (places, end) = place(&wishes, 0);
        assert_eq!(end, places.iter().map(|at| at.y + at.h).max().unwrap_or(0));
        places.iter().map(|at| (at.x, at.y, at.w)).collect()
    }

    #[test]
    fn panels_share_a_row() {
        assert_eq!(row(&[]), []);
        assert_eq!(row(&[None]), [(0, 0, 24)]);
        assert_eq!(row(&[None; 2]), [(0, 0, 12), (12, 0, 12)]);
        assert_eq!(row(&[None; 3]), [(0, 0, 8), (8, 0, 8), (16, 0, 8)]);
        let four = [(0, 0, 6), (6, 0, 6), (12, 0, 6), (18, 0, 6)];
        assert_eq!(row(&[None; 4]), four);
    }

    #[test]
    fn many_panels_wrap() {
        let five = [(0, 0, 8), (8, 0, 8), (16, 0, 8), (0, 8, 8), (8, 8, 8)];
        assert_eq!(row(&[None; 5]), five);
    }

    #[test]
    fn given_widths_leave_the_rest_to_the_others() {
        assert_eq!(row(&[Some(16), None]), [(0, 0, 16), (16, 0, 8)]);
        assert_eq!(
            row(&[Some(9), None, None]),
            [(0, 0, 9), (9, 0, 8), (17, 0, 7)]
        );
        // 4 columns are not enough.
        assert_eq!(row(&[Some(20), None]), [(0, 0, 20), (0, 8, 8)]);
        assert_eq!(row(&[Some(12), Some(13)]), [(0, 0, 12), (0, 8, 13)]);
    }

    #[test]
    fn impossible_widths_are_bounded() {
        assert_eq!(row(&[Some(99), Some(0)]), [(0, 0, 24), (0, 8, 1)]);
        assert_eq!(
            row(&[Some(u32::MAX), Some(u32::MAX)]),
            [(0, 0, 24), (0, 8, 24)]
        );
    }

    #[test]
    fn the_panels_of_a_line_are_equally_high() {
        let wish = |height| Wish {
            width: Some(12),
            height,
        };
        let (places, end) = place(&[wish(None), wish(Some(10)), wish(Some(4))], 3);
        let heights: Vec<_> = places.iter().map(|at| (at.y, at.h)).collect();
        assert_eq!(heights, [(3, 10), (3, 10), (13, 4)]);
        assert_eq!(end, 17);
    }
}
