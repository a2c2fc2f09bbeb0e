-- Run on every start, as one transaction: whatever is there already stays as it is.

-- Two services that start at once would both find no table and create it.
SELECT pg_advisory_xact_lock(7364616);

-- The old model takes less than the unified one.
CREATE TABLE IF NOT EXISTS attributes_v1 (
    name varchar(255) PRIMARY KEY,
    value varchar(255) NOT NULL
);
CREATE TABLE IF NOT EXISTS attributes_v2 (
    name varchar(255) PRIMARY KEY,
    value varchar(4096) NOT NULL
);
