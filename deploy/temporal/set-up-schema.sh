#!/bin/sh
# Creates the two databases of the Temporal server and brings their schemas up to date. Safe to repeat:
# what is there stays. The connection comes from the SQL_* variables of temporal-sql-tool.
set -eu

schemas="${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}"

set_up() {
  export SQL_DATABASE="$1"
  temporal-sql-tool create-database
  temporal-sql-tool setup-schema --version 0.0
  temporal-sql-tool update-schema --schema-dir "$schemas/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
