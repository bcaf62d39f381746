"""points and comments given by hand, extensions, and exercises that are closed and revealed"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("exercises") as exercises:
        exercises.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))
        exercises.add_column(sa.Column("revealed_at", sa.DateTime(), nullable=True))
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("marks_of_submission", "marks", ["submission_id"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exercise_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=255), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["exercise_id"], ["exercises.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("extensions_of_user", "extensions", ["exercise_id", "user"])


def downgrade() -> None:
    op.drop_index("extensions_of_user", "extensions")
    op.drop_table("extensions")
    op.drop_index("marks_of_submission", "marks")
    op.drop_table("marks")
    with op.batch_alter_table("exercises") as exercises:
        exercises.drop_column("revealed_at")
        exercises.drop_column("closed_at")
