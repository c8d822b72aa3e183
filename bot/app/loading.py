"""One thread loads code at a time.

Libraries whose modules import each other in a circle can be found half loaded by a second thread
that enters the circle elsewhere; Python prefers that to a deadlock.
"""

import threading

#: Held while modules are imported that a running bot loads late.
LOADING = threading.RLock()
