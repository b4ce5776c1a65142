"""The one place that knows the database: models, named queries, migrations, `transaction()`."""
