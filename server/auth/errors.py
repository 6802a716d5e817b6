"""What signing in refuses. One answer for a wrong address, a wrong password and an account without one."""

from server.errors import ServerError


class SignInRefused(ServerError):
    """The address and the password do not belong together."""

    code = "sign_in_refused"


class SignInLinkSpent(ServerError):
    """The sign-in link was used, has expired, or never was one."""

    code = "sign_in_link_spent"


class PasswordTooShort(ServerError):
    """A new password needs more characters. Fields: min_length."""

    code = "password_too_short"


class AlreadySignedIn(ServerError):
    """A join link opened in a browser where somebody with an account is signed in. Fields: name."""

    code = "already_signed_in"
