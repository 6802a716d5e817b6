# One image for api, media, work and every other command of `sightline`.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY requirements-build.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.txt
COPY . .
# The build hook makes the front end with the Node.js of the wheel above.
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
COPY requirements.txt /
RUN pip install --no-cache-dir --require-hashes -r /requirements.txt && rm /requirements.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl && rm -r /wheels \
  && useradd --system --uid 10001 --home-dir /var/lib/sightline --shell /usr/sbin/nologin sightline \
  && install -d -m 0700 -o sightline -g sightline /var/lib/sightline /var/lib/sightline/signing /run/sightline-sockets
USER sightline
ENV SIGHTLINE_DATA=/var/lib/sightline PYTHONUNBUFFERED=1
VOLUME /var/lib/sightline
EXPOSE 8000
CMD ["sightline", "serve"]
