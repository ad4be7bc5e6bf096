"""A council's own records of alternative provision: read, counted by month, arrival and stay, and dropped.

    files -> cells (sheet) -> stays, every cell with its type (typed) -> mended and checked (mended)
          -> each child once a day (once) -> arrivals, stays, rolls (tables, rolls) -> the area's folder (importing)

A row is a child's stay. No message, file or log holds anything of one child: they name a file, a row and a field.
"""
