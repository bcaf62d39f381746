"""what a run left, and regrades of an exercise, of which only what changed is judged"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("grades") as grades:
        grades.add_column(sa.Column("left", sa.String(length=64), nullable=True))
    op.create_table(
        "regrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exercise_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["exercise_id"], ["exercises.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("regrades_of_exercise", "regrades", ["exercise_id"])
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("changed", sa.Boolean(), nullable=False, server_default=sa.false()))
        jobs.add_column(sa.Column("regrade_id", sa.Integer(), sa.ForeignKey("regrades.id", name="jobs_regrade"), nullable=True))
        jobs.create_index("jobs_of_regrade", ["regrade_id"])


def downgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_index("jobs_of_regrade")
        jobs.drop_column("regrade_id")
        jobs.drop_column("changed")
    op.drop_index("regrades_of_exercise", "regrades")
    op.drop_table("regrades")
    with op.batch_alter_table("grades") as grades:
        grades.drop_column("left")
