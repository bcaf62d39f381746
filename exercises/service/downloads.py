"""What anybody may take along: the command line as one file.

Invariant: it is what the project's repository shows to everybody; nothing of a course is in it.
"""

from fastapi import APIRouter, Response

from exercises import portable

router = APIRouter()


@router.get("/" + portable.NAME, summary="The command line as one file, for a laptop or a CI with Python alone")
def command_line() -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{portable.NAME}"'}
    return Response(portable.packed(), media_type="application/zip", headers=headers)
