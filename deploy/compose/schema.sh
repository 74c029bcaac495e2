#!/bin/sh
# Makes both databases of Temporal, or brings their tables to the version of these tools. Whatever is there stays.
# How to get there: SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD.
set -eu

for database in temporal temporal_visibility; do
  case $database in
    temporal) tables=postgresql/v12/temporal ;;
    *) tables=postgresql/v12/visibility ;;
  esac
  export SQL_DATABASE="$database"
  # One that is there is left as it is.
  temporal-sql-tool create
  temporal-sql-tool setup-schema --version 0.0
  temporal-sql-tool update-schema --schema-name "$tables"
done
